using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Kafka.Client;

namespace Streaming.Kafka.Sending;

/// <summary>A refused message in the form it has in a commit, so that it can be sent again as it was.</summary>
internal static class ParkedMessage
{
    /// <summary>Bytes of a dead letter that are sent when the broker refuses the whole as too large. (`Beginning` →
    /// `ShortenedBytes`)</summary>
    public const int Beginning = 65_536;

    /// <summary>Header of a shortened dead letter: SHA-256 of the whole value, hex.</summary>
    public const string HashHeader = DeadLetter.Prefix + "whole-sha256";

    private const int LongestKey = 1024;

    /// <summary>The bytes of a message that was reported back.</summary>
    public static byte[] Encode(OutputTopic topic, in NativeRecord report, nint headers)
    {
        var carried = new byte[headers == 0 ? 0 : NativeHeaders.Size(headers)];
        if (headers != 0) NativeHeaders.Write(carried, headers);
        return Encode(topic, report.HasKey, report.Key, report.HasValue, report.Value, carried);
    }

    /// <summary>The first 64 KiB of a dead letter, with the hash of the whole, which stays parked in the store.</summary>
    public static byte[] Shorten(in OutputMessage whole)
    {
        var headers = new ArrayBufferWriter<byte>();
        var each = whole.Headers;
        while (each.Next()) Header(headers, each.Name, each.Value, each.IsNull);
        var hash = Convert.ToHexStringLower(SHA256.HashData(whole.Value));
        Header(headers, Encoding.UTF8.GetBytes(HashHeader), Encoding.ASCII.GetBytes(hash), false);
        return Encode(whole.Topic, whole.HasKey && whole.Key.Length <= LongestKey, whole.Key.Length <= LongestKey ? whole.Key : default,
            true, whole.Value[..Beginning], headers.WrittenSpan);
    }

    private static void Header(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isNull)
    {
        var size = RecordHeaders.Size(name.Length, value.Length);
        RecordHeaders.Write(to.GetSpan(size), name, value, isNull);
        to.Advance(size);
    }

    private static byte[] Encode(OutputTopic topic, bool hasKey, ReadOnlySpan<byte> key, bool hasValue, ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> headers)
    {
        var bytes = new ArrayBufferWriter<byte>();
        OutputMessages.Write(bytes, topic, key, hasKey, value, hasValue, headers);
        return bytes.WrittenSpan.ToArray();
    }
}
