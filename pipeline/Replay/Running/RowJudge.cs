using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;
using Streaming.Replay.Writing;

namespace Streaming.Replay.Running;

/// <summary>Says what the pipeline will say of an event: its own decoder judges the bytes that are sent. Not thread-safe.</summary>
/// <param name="topic">Where events are sent.</param>
/// <param name="earliest">The earliest time that the rules take, epoch milliseconds.</param>
internal sealed class RowJudge(Topic topic, long earliest)
{
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent decoded = new();
    private byte[] record = new byte[1024];

    /// <summary>The field at fault in the last event; empty when it is none of them.</summary>
    public string Field => decoder.LastField;

    /// <summary>Judges an event that leaves at a data time.</summary>
    public RejectReason Judge(in MappedRow row, long at)
    {
        var keyLength = row.Key?.Length ?? 0;
        var size = keyLength + row.Value.Length;
        if (record.Length < size) record = new byte[size * 2];
        row.Key?.CopyTo(record, 0);
        row.Value.CopyTo(record, keyLength);
        return decoder.Decode(new InputRecord(topic, 0, 0, ReplayRow.TimestampOf(at), record, 0,
            row.Key is null ? -1 : keyLength, keyLength, row.Value.Length, 0, 0), decoded, earliest);
    }
}
