using Streaming.Members.Events;

namespace Streaming.Contract.Records;

/// <summary>One Kafka record, its bytes borrowed from the batch it came in: valid until the batch is released.</summary>
/// <param name="Topic">Which input topic.</param>
/// <param name="Partition">Partition number.</param>
/// <param name="Offset">Offset in the partition.</param>
/// <param name="Timestamp">The record's Kafka timestamp, epoch milliseconds.</param>
/// <param name="Buffer">The batch's bytes; the spans below are parts of it.</param>
/// <param name="KeyStart">Where the key begins.</param>
/// <param name="KeyLength">Key bytes; −1 for a record without a key.</param>
/// <param name="ValueStart">Where the value begins.</param>
/// <param name="ValueLength">Value bytes; −1 for a record without a value.</param>
/// <param name="HeadersStart">Where the headers begin (see <see cref="RecordHeaders"/>).</param>
/// <param name="HeadersLength">Header bytes; 0 for none.</param>
/// <param name="Refused">The reason for which it becomes a dead letter: its size when it was copied, or a failure of this program. Kept
/// with the commit.</param>
/// <param name="Cut">True when it was too large to be copied whole: the value is the beginning, and the headers are those of the dead
/// letter (by the host, as it copied it).</param>
public readonly record struct InputRecord(
    Topic Topic,
    int Partition,
    long Offset,
    long Timestamp,
    byte[] Buffer,
    int KeyStart,
    int KeyLength,
    int ValueStart,
    int ValueLength,
    int HeadersStart,
    int HeadersLength,
    RejectReason Refused = RejectReason.None,
    bool Cut = false)
{
    /// <summary>The key's bytes; empty where there is none.</summary>
    public ReadOnlySpan<byte> Key => KeyLength <= 0 ? default : Buffer.AsSpan(KeyStart, KeyLength);

    /// <summary>The value's bytes; empty where there is none.</summary>
    public ReadOnlySpan<byte> Value => ValueLength <= 0 ? default : Buffer.AsSpan(ValueStart, ValueLength);

    /// <summary>The headers, readable one after another.</summary>
    public RecordHeaders Headers => new(HeadersLength == 0 ? default : Buffer.AsSpan(HeadersStart, HeadersLength));
}
