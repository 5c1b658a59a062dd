using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>Which offsets blocked a partition when the store's program last looked:
/// <c>topic/partition@offset</c>, so that only these can be left out.</summary>
public static class BlockedFact
{
    private const string Name = "source.blocked";

    /// <summary>What it holds.</summary>
    public static IReadOnlyList<string> Get(IFacts facts) => facts[Name]?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Writes it.</summary>
    public static void Set(IFacts facts, IEnumerable<string> places) => facts.Set((Name, string.Join('\n', places)));
}
