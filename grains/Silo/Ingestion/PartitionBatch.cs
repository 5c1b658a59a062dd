using System.Buffers;
using Confluent.Kafka;
using Streaming.Contract.Decoding;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Turns;
using Streaming.Grains.Receiving;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;

namespace Streaming.Silo.Ingestion;

/// <summary>Records of one partition in the order they were read. It is filled by one thread; after that it does not change.</summary>
/// <param name="session">The assignment they were read under.</param>
/// <param name="poison">Told of records that the program fails on.</param>
internal sealed class PartitionBatch(PartitionSession session, PoisonLog poison)
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

    /// <summary>Appends a record. One that the program fails on is appended as what becomes a dead letter for that.</summary>
    /// <param name="bucket">The bucket of its key.</param>
    public void Add(ConsumeResult<byte[]?, byte[]?> result, int bucket)
    {
        var message = result.Message;
        var start = bytes.WrittenCount;
        var timestamp = message.Timestamp.UnixTimestampMs;
        try
        {
            var headers = BindingHeaders.Size(message.Headers, RecordLimits.MaxHeaderBytes);
            var refused = RecordLimits.Judge(message.Key?.Length ?? 0, message.Value?.Length ?? 0, headers);
            if (refused != RejectReason.None) Cut(result.Offset.Value, timestamp, message, refused);
            else Whole(result.Offset.Value, timestamp, message, headers);
        }
        catch (Exception e) when (PoisonLog.IsPoison(e))
        {
            poison.Record(Session.Topic, result.Partition.Value, result.Offset.Value, e);
            start = bytes.WrittenCount; // half of a record may stand there, which nobody reads
            Cut(result.Offset.Value, timestamp, message, RejectReason.Internal);
        }

        records.Add((start, bytes.WrittenCount - start, bucket));
        timestamps.Add(timestamp);
        Next = result.Offset.Value + 1;
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

            yield return (group.Key, new PartitionPart(Session.TopicId, Session.Topic, Session.Partition.Partition.Value,
                Session.Generation, count, part));
        }
    }

    private void Whole(long offset, long timestamp, Message<byte[]?, byte[]?> message, int headers)
    {
        var (key, value) = (message.Key, message.Value);
        var room = PartRecords.Write(bytes, offset, timestamp, key?.Length ?? -1, value?.Length ?? -1, headers);
        key?.CopyTo(room);
        value?.CopyTo(room[(key?.Length ?? 0)..]);
        if (headers > 0) BindingHeaders.Copy(message.Headers!, room[((key?.Length ?? 0) + (value?.Length ?? 0))..]);
    }

    private void Cut(long offset, long timestamp, Message<byte[]?, byte[]?> message, RejectReason refused)
    {
        byte[] own = [];
        if (refused == RejectReason.TooLarge && message.Headers is { Count: > 0 } headers)
        {
            own = new byte[BindingHeaders.Size(headers, RecordLimits.MaxHeaderBytes)];
            BindingHeaders.Copy(headers, own);
        }

        var notes = CutRecord.Notes(message.Value, own, refused);
        var key = message.Key.AsSpan(0, Math.Min(message.Key?.Length ?? 0, RecordLimits.KeptKeyBytes));
        var value = message.Value.AsSpan(0, Math.Min(message.Value?.Length ?? 0, RecordLimits.Beginning));
        var room = PartRecords.Write(
            bytes, offset, timestamp, message.Key is null ? -1 : key.Length, message.Value is null ? -1 : value.Length, notes.Length,
                refused, cut: true);
        key.CopyTo(room);
        value.CopyTo(room[key.Length..]);
        notes.CopyTo(room[(key.Length + value.Length)..]);
    }
}
