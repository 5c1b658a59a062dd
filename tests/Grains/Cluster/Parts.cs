using System.Buffers;
using Streaming.Grains.Receiving;
using Streaming.Members.Events;

namespace Streaming.Grains.Tests.Cluster;

/// <summary>Parts of a partition, made of records.</summary>
internal static class Parts
{
    /// <summary>A part of partition 0.</summary>
    /// <param name="log">The topic's id.</param>
    /// <param name="at">Timestamp of all its records.</param>
    /// <param name="records">Offset, key and value of each.</param>
    public static PartitionPart Of(string log, Topic topic, long generation, long at,
        IReadOnlyCollection<(long Offset, byte[] Key, byte[] Value)> records)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var (offset, key, value) in records)
        {
            var room = PartRecords.Write(bytes, offset, at, key.Length, value.Length, 0);
            key.CopyTo(room);
            value.CopyTo(room[key.Length..]);
        }

        return new PartitionPart(log, topic, 0, generation, records.Count, bytes.WrittenSpan.ToArray());
    }
}
