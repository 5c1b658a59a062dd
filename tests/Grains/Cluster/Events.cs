using System.Buffers;
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
        var bytes = new ArrayBufferWriter<byte>();
        var count = 0;
        foreach (var offset in offsets)
        {
            var member = Members[offset % Members.Count];
            var (key, value) = (Encoding.UTF8.GetBytes(member), Encoding.UTF8.GetBytes(
                $$"""{"id":"e{{offset}}","member":"{{member}}","at":{{at}},"kind":"view"}"""));
            var room = PartRecords.Write(bytes, offset, at, key.Length, value.Length, 0);
            key.CopyTo(room);
            value.CopyTo(room[key.Length..]);
            count++;
        }

        return new PartitionPart(log, Topic.Clicks, 0, generation, count, bytes.WrittenSpan.ToArray());
    }

    /// <summary>The member of an offset, as its key.</summary>
    public static byte[] KeyOf(int offset) => Encoding.UTF8.GetBytes(Members[offset % Members.Count]);
}
