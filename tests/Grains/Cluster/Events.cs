using System.Text;
using Streaming.Grains.Receiving;
using Streaming.Members.Events;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>Views of five members as parts of one partition.</summary>
internal static class Events
{
    /// <summary>The members.</summary>
    public static IReadOnlyList<string> Members { get; } = [.. Enumerable.Range(0, 5).Select(n => $"m{n}")];

    /// <summary>The records of these offsets; each is an event of its own, of the member that its offset names.</summary>
    public static PartitionPart Part(string log, long generation, IEnumerable<int> offsets, long at)
    {
        return Parts.Of(log, Topic.Clicks, generation, at, [.. offsets.Select(offset => ((long)offset, KeyOf(offset), Value(offset)))]);

        byte[] Value(int offset) => Encoding.UTF8.GetBytes(
            $$"""{"id":"e{{offset}}","member":"{{Members[offset % Members.Count]}}","at":{{at}},"kind":"view"}""");
    }

    /// <summary>The member of an offset, as its key.</summary>
    public static byte[] KeyOf(int offset) => Encoding.UTF8.GetBytes(Members[offset % Members.Count]);
}
