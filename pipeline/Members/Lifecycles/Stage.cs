namespace Streaming.Members.Lifecycles;

/// <summary>The lifecycle stage of a member. Numbers are stored and counted by: never reuse one.</summary>
#pragma warning disable CS1591 // the words are the field's own; LifecycleRules says what leads where
public enum Stage : byte
{
    None = 0, Awareness = 1, Interest = 2, Engagement = 3, Conversion = 4, Loyalty = 5, Dormant = 6, Lapsed = 7, Recovered = 8,
}

/// <summary>The tier of a member, by score or spending. Numbers are stored and counted by: never reuse one.</summary>
public enum Tier : byte
{
    None = 0, Base = 1, Waist = 2, Head = 3,
}
#pragma warning restore CS1591

/// <summary>The stable words for stages and tiers, and the names of their rules.</summary>
public static class Names
{
    private static readonly string[] Stages =
        ["none", "awareness", "interest", "engagement", "conversion", "loyalty", "dormant", "lapsed", "recovered"];
    private static readonly string[] StageRules = [.. Stages.Select(name => "lifecycle." + name)];
    private static readonly string[] Tiers = ["none", "base", "waist", "head"];
    private static readonly string[] TierRules = [.. Tiers.Select(name => "lifecycle.tiers." + name)];

    /// <summary>The stage's word in messages.</summary>
    public static string Name(this Stage stage) => Stages[(int)stage];

    /// <summary>The stable name of the rule that leads to the stage.</summary>
    public static string Rule(this Stage stage) => StageRules[(int)stage];

    /// <summary>The tier's word in messages.</summary>
    public static string Name(this Tier tier) => Tiers[(int)tier];

    /// <summary>The stable name of the rule that leads to the tier.</summary>
    public static string Rule(this Tier tier) => TierRules[(int)tier];
}
