using System.Buffers;
using System.Globalization;
using System.Text;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;

namespace Streaming.Contract.Messages;

/// <summary>The headers of a dead letter. Its key and value are the original record's, or their
/// beginning; what came with it as headers is kept behind these.</summary>
public static class DeadLetter
{
    /// <summary>Header with the reason's stable name.</summary>
    public const string Reason = "dead-letter-reason";

    /// <summary>Header with the reason as a sentence.</summary>
    public const string Sentence = "dead-letter-sentence";

    /// <summary>Header with the field at fault, where it is one.</summary>
    public const string Field = "dead-letter-field";

    /// <summary>Header with the original topic.</summary>
    public const string Topic = "dead-letter-topic";

    /// <summary>Header with the original partition.</summary>
    public const string Partition = "dead-letter-partition";

    /// <summary>Header with the original offset.</summary>
    public const string Offset = "dead-letter-offset";

    /// <summary>Header with the original record's timestamp, epoch milliseconds.</summary>
    public const string Timestamp = "dead-letter-timestamp";

    /// <summary>Header with the SHA-256 of the whole value, hex, if the dead letter holds only its beginning.</summary>
    public const string WholeHash = "dead-letter-whole-sha256";

    /// <summary>Header with the bytes of the whole value, if the dead letter holds only its beginning.</summary>
    public const string WholeBytes = "dead-letter-whole-bytes";

    /// <summary>Header of a letter whose record had more headers than are kept; they are left out.</summary>
    public const string HeadersLeftOut = "dead-letter-headers-left-out";

    /// <summary>Header of a message without value: it marks the dead letter that was sent again,
    /// <c>partition@offset</c> in the topic of dead letters.</summary>
    public const string Redriven = "dead-letter-redriven";

    /// <summary>The prefix of all these headers. A producer's header with this prefix is renamed (<see cref="Escape"/>).</summary>
    public const string Prefix = "dead-letter-";

    /// <summary>What is put before a producer's header that would begin like ours, and
    /// taken away again when the record is sent again.</summary>
    public const string Escape = "original-";

    /// <summary>Writes the headers of one dead letter.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="record">The record.</param>
    /// <param name="reason">Why it was refused.</param>
    /// <param name="field">The field at fault; empty when it is none.</param>
    public static void WriteHeaders(IBufferWriter<byte> to, in InputRecord record, RejectReason reason, string field)
    {
        Write(to, Reason, RejectReasons.Name(reason));
        Write(to, Sentence, RejectReasons.Sentence(reason));
        if (field.Length > 0) Write(to, Field, field);
        Write(to, Topic, InputTopics.Name(record.Topic));
        Write(to, Partition, record.Partition);
        Write(to, Offset, record.Offset);
        Write(to, Timestamp, record.Timestamp);
        if (record.Cut) to.Write(record.Buffer.AsSpan(record.HeadersStart, record.HeadersLength));
        else WriteProducerHeaders(to, record.Headers);
    }

    /// <summary>True for a name that <see cref="Prefix"/> begins, behind as many <see cref="Escape"/> as there may be.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> name)
    {
        while (name.StartsWith("original-"u8)) name = name["original-"u8.Length..];
        return name.StartsWith("dead-letter-"u8);
    }

    /// <summary>Writes a producer's headers, so that none of them can be taken for a header of a dead letter.</summary>
    internal static void WriteProducerHeaders(IBufferWriter<byte> to, RecordHeaders headers)
    {
        Span<byte> renamed = stackalloc byte[256];
        while (headers.Next())
        {
            var name = headers.Name;
            if (IsReserved(name))
            {
                var length = "original-"u8.Length + name.Length;
                var longer = length <= renamed.Length ? renamed[..length] : new byte[length];
                "original-"u8.CopyTo(longer);
                name.CopyTo(longer["original-"u8.Length..]);
                Write(to, longer, headers.Value, headers.IsNull);
                continue;
            }

            Write(to, name, headers.Value, headers.IsNull);
        }
    }

    internal static void Write(IBufferWriter<byte> to, string name, string value)
    {
        Span<byte> nameBytes = stackalloc byte[64];
        nameBytes = nameBytes[..Encoding.UTF8.GetBytes(name, nameBytes)];
        Span<byte> valueBytes = stackalloc byte[1024];
        Encoding.UTF8.TryGetBytes(value.AsSpan(0, Math.Min(value.Length, 300)), valueBytes, out var written);
        Write(to, nameBytes, valueBytes[..written], isNull: false);
    }

    private static void Write(IBufferWriter<byte> to, string name, long value) =>
        Write(to, name, value.ToString(CultureInfo.InvariantCulture));

    private static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isNull)
    {
        var size = RecordHeaders.Size(name.Length, value.Length);
        RecordHeaders.Write(to.GetSpan(size), name, value, isNull);
        to.Advance(size);
    }
}
