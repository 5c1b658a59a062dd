namespace Streaming.Members.Rewards;

/// <summary>Settings of the points ledger. Defaults are the shipped example's.</summary>
public sealed record PointsRules
{
    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
    }
}
