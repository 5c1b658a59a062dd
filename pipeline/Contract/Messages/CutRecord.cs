using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Streaming.Contract.Records;

namespace Streaming.Contract.Messages;

/// <summary>A record of which only the beginning is kept (<see cref="RecordLimits"/>).</summary>
public static class CutRecord
{
    /// <summary>The headers of a cut record: first the hash and length of the whole value, then the record's own headers.</summary>
    /// <param name="value">The whole value.</param>
    /// <param name="headers">The record's own headers, as far as they are kept.</param>
    /// <param name="refused">Why it is cut.</param>
    public static byte[] Notes(ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers, RejectReason refused)
    {
        var to = new ArrayBufferWriter<byte>(256 + headers.Length);
        DeadLetter.Write(to, DeadLetter.WholeHash, Convert.ToHexStringLower(SHA256.HashData(value)));
        DeadLetter.Write(to, DeadLetter.WholeBytes, value.Length.ToString(CultureInfo.InvariantCulture));
        if (refused != RejectReason.TooLarge) DeadLetter.Write(to, DeadLetter.HeadersLeftOut, "true");
        DeadLetter.WriteProducerHeaders(to, new RecordHeaders(headers));
        return to.WrittenSpan.ToArray();
    }
}
