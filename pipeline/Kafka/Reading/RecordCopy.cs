using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Kafka.Client;
using Streaming.Members.Events;

namespace Streaming.Kafka.Reading;

/// <summary>Copies records of the client into a batch, as far as <see cref="RecordLimits"/> say.</summary>
internal static class RecordCopy
{
    /// <summary>Copies a record of the client into a batch.</summary>
    internal static void Into(Batch batch, Topic topic, in NativeRecord record, nint headers, long timestamp)
    {
        var size = headers == 0 ? 0 : NativeHeaders.Size(headers, RecordLimits.MaxHeaderBytes);
        var refused = RecordLimits.Judge(record.Key.Length, record.Value.Length, size);
        if (refused != RejectReason.None)
        {
            Cut(batch, topic, record, refused == RejectReason.HeadersTooLarge ? [] : Run(headers), timestamp, refused);
            return;
        }

        var (key, value) = (record.Key.Length, record.Value.Length);
        var span = batch.Reserve(key + value + size, out var start);
        record.Key.CopyTo(span);
        record.Value.CopyTo(span[key..]);
        if (size > 0) NativeHeaders.Write(span[(key + value)..], headers);
        batch.Add(topic, record.Partition, record.Offset, timestamp, (start, record.HasKey ? key : -1),
            (start + key, record.HasValue ? value : -1), (start + key + value, size));
    }

    /// <summary>Copies the beginning of a record into a batch; it becomes a dead letter.</summary>
    /// <param name="headers">The record's own headers, as far as they are kept.</param>
    internal static void Cut(Batch batch, Topic topic, in NativeRecord record, ReadOnlySpan<byte> headers, long timestamp,
        RejectReason refused)
    {
        var notes = CutRecord.Notes(record.Value, headers, refused);
        var (key, value) = (Math.Min(record.Key.Length, RecordLimits.KeptKeyBytes), Math.Min(record.Value.Length, RecordLimits.Beginning));
        var span = batch.Reserve(key + value + notes.Length, out var start);
        record.Key[..key].CopyTo(span);
        record.Value[..value].CopyTo(span[key..]);
        notes.CopyTo(span[(key + value)..]);
        batch.Add(
            topic, record.Partition, record.Offset, timestamp, (start, record.HasKey ? key : -1),
                (start + key, record.HasValue ? value : -1),
            (start + key + value, notes.Length), refused, cut: true);
    }

    private static byte[] Run(nint headers)
    {
        if (headers == 0) return [];
        var run = new byte[NativeHeaders.Size(headers)];
        NativeHeaders.Write(run, headers);
        return run;
    }
}
