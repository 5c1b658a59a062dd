namespace Streaming.Members;

/// <summary>Settings of the engagement score. Defaults are the shipped example's.</summary>
public sealed record ScoreRules
{
    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
    }
}
