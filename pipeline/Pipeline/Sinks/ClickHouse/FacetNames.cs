namespace Streaming.Pipeline.Sinks.ClickHouse;

/// <summary>The words dashboards show for the numbers members are counted by.</summary>
internal static class FacetNames
{
    private static readonly string[] Stages = ["none", "awareness", "interest", "engagement", "conversion", "loyalty", "dormant", "lapsed", "recovered"];
    private static readonly string[] Tiers = ["base", "waist", "head"];

    /// <summary>Name of a lifecycle stage.</summary>
    public static string Stage(byte number) => number < Stages.Length ? Stages[number] : $"stage-{number}";

    /// <summary>Name of a tier.</summary>
    public static string Tier(byte number) => number < Tiers.Length ? Tiers[number] : $"tier-{number}";
}
