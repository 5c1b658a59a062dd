using System.Buffers;
using System.Buffers.Binary;
using Streaming.Contract.Records;

namespace Streaming.Contract.Messages;

/// <summary>The encoding of messages for Kafka in a commit, one after another: topic (1), key length (4, −1 none), value length (4, −1
/// none), headers length
/// (4), key, value, headers.</summary>
public static class OutputMessages
{
    private const int Head = 13;

    /// <summary>Appends one message.</summary>
    public static void Write(IBufferWriter<byte> to, OutputTopic topic, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value,
        bool hasValue, ReadOnlySpan<byte> headers)
    {
        var size = Head + key.Length + value.Length + headers.Length;
        var span = to.GetSpan(size);
        span[0] = (byte)topic;
        BinaryPrimitives.WriteInt32LittleEndian(span[1..], hasKey ? key.Length : -1);
        BinaryPrimitives.WriteInt32LittleEndian(span[5..], hasValue ? value.Length : -1);
        BinaryPrimitives.WriteInt32LittleEndian(span[9..], headers.Length);
        key.CopyTo(span[Head..]);
        value.CopyTo(span[(Head + key.Length)..]);
        headers.CopyTo(span[(Head + key.Length + value.Length)..]);
        to.Advance(size);
    }

    /// <summary>Reads the message at the front of <paramref name="rest"/> and moves past it; false at the end.</summary>
    public static bool Next(ref ReadOnlySpan<byte> rest, out OutputMessage message)
    {
        message = default;
        if (rest.IsEmpty) return false;
        var key = BinaryPrimitives.ReadInt32LittleEndian(rest[1..]);
        var value = BinaryPrimitives.ReadInt32LittleEndian(rest[5..]);
        var headers = BinaryPrimitives.ReadInt32LittleEndian(rest[9..]);
        var (keySize, valueSize) = (Math.Max(key, 0), Math.Max(value, 0));
        var size = Head + keySize + valueSize + headers;
        message = new OutputMessage(
            (OutputTopic)rest[0], key >= 0, rest.Slice(Head, keySize), value >= 0, rest.Slice(Head + keySize, valueSize),
            new RecordHeaders(rest.Slice(Head + keySize + valueSize, headers)), rest[..size]);
        rest = rest[size..];
        return true;
    }
}

/// <summary>One message, its bytes borrowed.</summary>
public readonly ref struct OutputMessage(
    OutputTopic topic, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value, RecordHeaders headers,
        ReadOnlySpan<byte> encoded)
{
    /// <summary>Where it goes.</summary>
    public OutputTopic Topic { get; } = topic;

    /// <summary>False for a message without a key.</summary>
    public bool HasKey { get; } = hasKey;

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key { get; } = key;

    /// <summary>False for a message without a value.</summary>
    public bool HasValue { get; } = hasValue;

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Headers.</summary>
    public RecordHeaders Headers { get; } = headers;

    /// <summary>The message as it stands in the commit.</summary>
    public ReadOnlySpan<byte> Encoded { get; } = encoded;
}
