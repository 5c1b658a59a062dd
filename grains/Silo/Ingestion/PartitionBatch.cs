using System.Buffers;
using Confluent.Kafka;
using Streaming.Grains.Receiving;
using Streaming.Members.Events;
using Streaming.Pipeline.Sources;

namespace Streaming.Silo.Ingestion;

/// <summary>Records of one partition in the order they were read, gathered by one thread and then only read.</summary>
/// <param name="session">The assignment they were read under.</param>
internal sealed class PartitionBatch(PartitionSession session)
{
    private readonly ArrayBufferWriter<byte> bytes = new(16 * 1024);
    private readonly List<(int Start, int Length, int Bucket)> records = [];
    private readonly List<long> timestamps = [];

    public PartitionSession Session { get; } = session;

    public int Count => records.Count;

    public int Bytes => bytes.WrittenCount;

    /// <summary>The offset after its last record.</summary>
    public long Next { get; private set; }

    /// <summary>The records' timestamps, epoch milliseconds.</summary>
    public IReadOnlyList<long> Timestamps => timestamps;

    /// <summary>The highest record timestamp, epoch milliseconds.</summary>
    public long HighestTimestamp { get; private set; } = long.MinValue;

    /// <summary>Appends a record.</summary>
    /// <param name="bucket">The bucket of its key.</param>
    public void Add(ConsumeResult<byte[]?, byte[]?> result, int bucket)
    {
        var message = result.Message;
        var (key, value) = (message.Key, message.Value);
        var headers = KafkaHeaders.Size(message.Headers);
        var start = bytes.WrittenCount;
        var timestamp = message.Timestamp.UnixTimestampMs;
        var room = PartRecords.Write(bytes, result.Offset.Value, timestamp, key?.Length ?? -1, value?.Length ?? -1, headers);
        key?.CopyTo(room);
        value?.CopyTo(room[(key?.Length ?? 0)..]);
        if (headers > 0) KafkaHeaders.Copy(message.Headers!, room[((key?.Length ?? 0) + (value?.Length ?? 0))..]);
        records.Add((start, bytes.WrittenCount - start, bucket));
        timestamps.Add(timestamp);
        Next = result.Offset.Value + 1;
        HighestTimestamp = Math.Max(HighestTimestamp, timestamp);
    }

    /// <summary>Splits it by the owners of the buckets; each part keeps the order.</summary>
    public IEnumerable<(TOwner Owner, PartitionPart Part)> Split<TOwner>(Func<int, TOwner> owner) where TOwner : notnull
    {
        foreach (var group in records.GroupBy(r => owner(r.Bucket)))
        {
            var part = new byte[group.Sum(r => r.Length)];
            var (at, count) = (0, 0);
            foreach (var (start, length, _) in group)
            {
                bytes.WrittenSpan.Slice(start, length).CopyTo(part.AsSpan(at));
                at += length;
                count++;
            }

            yield return (group.Key, new PartitionPart(Session.TopicId, Session.Topic, Session.Partition.Partition.Value, Session.Generation, count, part));
        }
    }
}
