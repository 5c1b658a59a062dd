namespace Streaming.Members;

/// <summary>Settings of the churn outlook and its alerts. Defaults are the shipped example's.</summary>
public sealed record ChurnRules
{
    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
    }
}
