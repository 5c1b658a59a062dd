namespace Streaming.Members;

/// <summary>Settings of the lifecycle: stage, tier, key opinion consumer. Defaults are the shipped example's.</summary>
public sealed record LifecycleRules
{
    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
    }
}
