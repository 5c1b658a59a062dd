using Streaming.Engine.Sources;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Commits;

/// <summary>Which offsets block a partition, kept in the store (<c>topic/partition@offset</c>) for the command that leaves them out when
/// this program is stopped: only these can be.</summary>
/// <param name="facts">Where it stands.</param>
/// <param name="status">Is told when it cannot be written.</param>
public sealed class BlockedFact(IFacts facts, HostStatus status)
{
    private const string Name = "source.blocked";
    private IReadOnlyList<BlockedPartition>? written;

    /// <summary>What a store's program last wrote.</summary>
    public static IReadOnlyList<string> Get(IFacts facts) => facts[Name]?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Stores the blocked offsets.</summary>
    public static void Set(IFacts facts, IEnumerable<string> places) => facts.Set((Name, string.Join('\n', places)));

    /// <summary>Writes what blocks now, when that has changed. What cannot be written is written with the next call.</summary>
    public void Keep(IReadOnlyList<BlockedPartition> now)
    {
        if (ReferenceEquals(now, written)) return;
        try
        {
            Set(facts, now.Select(b => b.At));
            written = now;
        }
        catch (StoreException e) when (e.Retryable)
        {
            status.Held = e.Message;
        }
    }
}
