namespace Streaming.Members.Rewards;

/// <summary>Settings of check-in streaks. Defaults are the shipped example's.</summary>
public sealed record StreaksRules
{
    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
    }
}
