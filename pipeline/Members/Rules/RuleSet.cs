namespace Streaming.Members.Rules;

/// <summary>All rules in force, validated as a whole. Immutable, shared by all threads. Property defaults are the shipped example's values.</summary>
public sealed class RuleSet
{
    /// <summary>Content hash of the rules' text, 16 hex digits: named by every effect and snapshot.</summary>
    public string Version { get; init; } = "0000000000000000";

    /// <summary>The same hash as a number.</summary>
    public ulong Hash { get; init; }
}
