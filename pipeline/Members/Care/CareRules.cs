namespace Streaming.Members;

/// <summary>Settings of care actions. Defaults are the shipped example's.</summary>
public sealed record CareRules
{
    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
    }
}
