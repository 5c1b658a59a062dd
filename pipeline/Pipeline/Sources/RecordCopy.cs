using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Streaming.Members.Events;
using Streaming.Pipeline.Decode;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Kafka;

namespace Streaming.Pipeline.Sources;

/// <summary>How much of a record is taken over, judged by its sizes before a byte of it is copied.</summary>
/// <remarks>
/// What no event can be is refused here, so that neither memory nor the store holds more of it than its beginning: the first
/// <see cref="Beginning"/> bytes of the value, <see cref="KeyBeginning"/> of the key, the SHA-256 and the length of the whole value, and
/// the headers when they are no more than <see cref="MaxHeaderBytes"/>. The position in the input topic says where the whole is, as long as
/// that topic keeps it.
/// </remarks>
public static class RecordCopy
{
    /// <summary>Headers with their lengths, in bytes at most.</summary>
    public const int MaxHeaderBytes = 32_768;

    /// <summary>Key, value and headers of a record that is kept whole, in bytes at most: a broker's own default limit.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>How much of a larger value is kept.</summary>
    public const int Beginning = 65_536;

    /// <summary>How much of the key is kept then.</summary>
    public const int KeyBeginning = 1_024;

    /// <summary>Why a record of these sizes is not taken over whole; <see cref="RejectReason.None"/> when it is.</summary>
    public static RejectReason Judge(int key, int value, int headers) =>
        headers > MaxHeaderBytes ? RejectReason.HeadersTooLarge
        : (long)key + value + headers > MaxBytes ? RejectReason.TooLarge
        : RejectReason.None;

    /// <summary>The headers of a cut record: what its dead letter says of the whole, then its own.</summary>
    /// <param name="value">The whole value.</param>
    /// <param name="headers">The record's own headers, as far as they are kept.</param>
    /// <param name="refused">Why it is cut.</param>
    public static byte[] Notes(ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers, RejectReason refused)
    {
        var to = new ArrayBufferWriter<byte>(256 + headers.Length);
        DeadLetter.Write(to, DeadLetter.WholeHash, Convert.ToHexStringLower(SHA256.HashData(value)));
        DeadLetter.Write(to, DeadLetter.WholeBytes, value.Length.ToString(CultureInfo.InvariantCulture));
        if (refused != RejectReason.TooLarge) DeadLetter.Write(to, DeadLetter.HeadersLeftOut, "true");
        DeadLetter.WriteForeign(to, new RecordHeaders(headers));
        return to.WrittenSpan.ToArray();
    }

    /// <summary>Copies a record of the client into a batch.</summary>
    internal static void Into(Batch batch, Topic topic, in NativeRecord record, nint headers, long timestamp)
    {
        var size = headers == 0 ? 0 : RecordHeaders.Size(headers, MaxHeaderBytes);
        var refused = Judge(record.Key.Length, record.Value.Length, size);
        if (refused != RejectReason.None)
        {
            Cut(batch, topic, record, refused == RejectReason.HeadersTooLarge ? [] : Run(headers), timestamp, refused);
            return;
        }

        var (key, value) = (record.Key.Length, record.Value.Length);
        var span = batch.Reserve(key + value + size, out var start);
        record.Key.CopyTo(span);
        record.Value.CopyTo(span[key..]);
        if (size > 0) RecordHeaders.Write(span[(key + value)..], headers);
        batch.Add(topic, record.Partition, record.Offset, timestamp, (start, record.HasKey ? key : -1),
            (start + key, record.HasValue ? value : -1), (start + key + value, size));
    }

    /// <summary>Copies the beginning of a record into a batch, to be a dead letter.</summary>
    /// <param name="headers">The record's own headers, as far as they are kept.</param>
    internal static void Cut(Batch batch, Topic topic, in NativeRecord record, ReadOnlySpan<byte> headers, long timestamp,
        RejectReason refused)
    {
        var notes = Notes(record.Value, headers, refused);
        var (key, value) = (Math.Min(record.Key.Length, KeyBeginning), Math.Min(record.Value.Length, Beginning));
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
        var run = new byte[RecordHeaders.Size(headers)];
        RecordHeaders.Write(run, headers);
        return run;
    }
}
