using System.Buffers;
using System.Buffers.Binary;
using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Grains.Receiving;

/// <summary>The records of one batch of a partition whose members one silo owns, as they were read.</summary>
/// <param name="TopicId">Identity of the topic's log.</param>
/// <param name="Topic">Which input topic.</param>
/// <param name="Partition">Partition number.</param>
/// <param name="Generation">The assignment it was read under.</param>
/// <param name="Count">How many records.</param>
/// <param name="Bytes">The records (<see cref="PartRecords"/>); not to be changed once sent.</param>
[GenerateSerializer, Immutable, Alias("streaming.part.2")] // 2: records carry their verdicts
public sealed record PartitionPart(string TopicId, Topic Topic, int Partition, long Generation, int Count, byte[] Bytes);

/// <summary>Records in a row of bytes: offset (8), timestamp (8), lengths of key, value (−1 none) and headers (4 each), verdict (1),
/// whether it is cut (1), then these.</summary>
public static class PartRecords
{
    private const int Head = 30;

    /// <summary>Bytes that one record takes.</summary>
    public static int Size(int key, int value, int headers) => Head + Math.Max(key, 0) + Math.Max(value, 0) + headers;

    /// <summary>Appends the head of a record and gives the room for its key, value and headers, one after the other.</summary>
    public static Span<byte> Write(IBufferWriter<byte> to, long offset, long timestamp, int key, int value, int headers,
        RejectReason refused = RejectReason.None, bool cut = false)
    {
        var size = Size(key, value, headers);
        var span = to.GetSpan(size)[..size];
        BinaryPrimitives.WriteInt64LittleEndian(span, offset);
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], timestamp);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], key);
        BinaryPrimitives.WriteInt32LittleEndian(span[20..], value);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], headers);
        span[28] = (byte)refused;
        span[29] = cut ? (byte)1 : (byte)0;
        to.Advance(size);
        return span[Head..];
    }

    /// <summary>Appends a record.</summary>
    public static void Write(IBufferWriter<byte> to, in InputRecord record)
    {
        var rest = Write(to, record.Offset, record.Timestamp, record.KeyLength, record.ValueLength, record.HeadersLength, record.Refused,
            record.Cut);
        record.Key.CopyTo(rest);
        record.Value.CopyTo(rest[record.Key.Length..]);
        record.Buffer.AsSpan(record.HeadersStart, record.HeadersLength).CopyTo(rest[(record.Key.Length + record.Value.Length)..]);
    }

    /// <summary>Reads the record at <paramref name="at"/> and moves past it; false at the end. Its bytes stay those of the part.</summary>
    public static bool Next(PartitionPart part, ref int at, out InputRecord record)
    {
        record = default;
        if (at >= part.Bytes.Length) return false;
        var head = part.Bytes.AsSpan(at);
        var key = BinaryPrimitives.ReadInt32LittleEndian(head[16..]);
        var value = BinaryPrimitives.ReadInt32LittleEndian(head[20..]);
        var headers = BinaryPrimitives.ReadInt32LittleEndian(head[24..]);
        var keyStart = at + Head;
        var valueStart = keyStart + Math.Max(key, 0);
        var headersStart = valueStart + Math.Max(value, 0);
        record = new InputRecord(
            part.Topic, part.Partition, BinaryPrimitives.ReadInt64LittleEndian(head), BinaryPrimitives.ReadInt64LittleEndian(head[8..]),
            part.Bytes, keyStart, key, valueStart, value, headersStart, headers, (RejectReason)head[28], head[29] != 0);
        at = headersStart + headers;
        return true;
    }
}
