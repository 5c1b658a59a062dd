using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Streaming.Pipeline.Decode;
using Streaming.Pipeline.Sources;

namespace Streaming.Pipeline.Effects;

/// <summary>The headers of a dead letter. Its key and value are the original record's; what came with it as headers is kept behind these.</summary>
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

    /// <summary>All of them begin like this.</summary>
    public const string Prefix = "dead-letter-";

    /// <summary>Writes the headers of one dead letter.</summary>
    public static void WriteHeaders(IBufferWriter<byte> to, in InputRecord record, RejectReason reason, string field)
    {
        Write(to, Reason, RejectReasons.Name(reason));
        Write(to, Sentence, RejectReasons.Sentence(reason));
        if (field.Length > 0) Write(to, Field, field);
        Write(to, Topic, Sources.InputTopics.Name(record.Topic));
        Write(to, Partition, record.Partition);
        Write(to, Offset, record.Offset);
        Write(to, Timestamp, record.Timestamp);
        var original = record.Headers;
        while (original.Next())
        {
            var size = RecordHeaders.Size(original.Name.Length, original.Value.Length);
            RecordHeaders.Write(to.GetSpan(size), original.Name, original.Value, isNull: false);
            to.Advance(size);
        }
    }

    private static void Write(IBufferWriter<byte> to, string name, long value) => Write(to, name, value.ToString(CultureInfo.InvariantCulture));

    private static void Write(IBufferWriter<byte> to, string name, string value)
    {
        Span<byte> nameBytes = stackalloc byte[64];
        nameBytes = nameBytes[..Encoding.UTF8.GetBytes(name, nameBytes)];
        Span<byte> valueBytes = stackalloc byte[1024];
        Encoding.UTF8.TryGetBytes(value.AsSpan(0, Math.Min(value.Length, 300)), valueBytes, out var written);
        var size = RecordHeaders.Size(nameBytes.Length, written);
        RecordHeaders.Write(to.GetSpan(size), nameBytes, valueBytes[..written], isNull: false);
        to.Advance(size);
    }
}
