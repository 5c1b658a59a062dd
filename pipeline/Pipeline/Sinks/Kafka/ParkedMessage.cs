using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Sources;

namespace Streaming.Pipeline.Sinks.Kafka;

/// <summary>A refused message in the form it has in a commit, so that it can be sent again as it was.</summary>
internal static class ParkedMessage
{
    /// <summary>How much of a dead letter goes out when a broker does not take the whole.</summary>
    public const int Beginning = 65_536;

    /// <summary>Header of a shortened dead letter: SHA-256 of the whole value, hex.</summary>
    public const string HashHeader = DeadLetter.Prefix + "whole-sha256";

    /// <summary>The message's bytes.</summary>
    public static byte[] Encode(OutputTopic topic, Message<byte[]?, byte[]?> record)
    {
        var headers = new ArrayBufferWriter<byte>();
        foreach (var h in record.Headers ?? [])
        {
            var name = Encoding.UTF8.GetBytes(h.Key);
            var value = h.GetValueBytes();
            var size = RecordHeaders.Size(name.Length, value?.Length ?? 0);
            RecordHeaders.Write(headers.GetSpan(size), name, value, value is null);
            headers.Advance(size);
        }

        var bytes = new ArrayBufferWriter<byte>();
        OutputMessages.Write(bytes, topic, record.Key, record.Key is not null, record.Value, record.Value is not null, headers.WrittenSpan);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The first 64 KiB of a dead letter, with the hash of the whole, which stays parked in the store.</summary>
    public static Message<byte[]?, byte[]?> Shorten(Message<byte[]?, byte[]?> record)
    {
        var headers = new Headers();
        foreach (var h in record.Headers ?? []) headers.Add(h.Key, h.GetValueBytes());
        headers.Add(HashHeader, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(record.Value!))));
        return new Message<byte[]?, byte[]?> { Key = record.Key?.Length <= 1024 ? record.Key : null, Value = record.Value![..Beginning], Headers = headers };
    }
}
