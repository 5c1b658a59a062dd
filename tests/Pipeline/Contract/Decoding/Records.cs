using System.Text;
using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

/// <summary>Makes records as a source would hand them over.</summary>
internal static class Records
{
    /// <summary>2026-03-01T12:00:00Z, the Kafka timestamp of every record made here.</summary>
    public const long Timestamp = 1_772_366_400_000;

    public static InputRecord Of(Topic topic, string? key, string? value, params (string Name, string Value)[] headers) =>
        Of(topic, key is null ? null : Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value), headers);

    public static InputRecord Of(Topic topic, byte[]? key, byte[]? value, params (string Name, string Value)[] headers)
    {
        // Other bytes stand before and after the record, so that a reader that leaves its span fails.
        var buffer = new List<byte>("{[\"before"u8.ToArray());
        int Put(ReadOnlySpan<byte> bytes)
        {
            buffer.AddRange(bytes);
            return buffer.Count - bytes.Length;
        }

        var keyStart = Put(key);
        var valueStart = Put(value);
        var headersStart = buffer.Count;
        foreach (var (name, text) in headers)
        {
            var (n, v) = (Encoding.UTF8.GetBytes(name), Encoding.Latin1.GetBytes(text));
            var bytes = new byte[RecordHeaders.Size(n.Length, v.Length)];
            RecordHeaders.Write(bytes, n, v, false);
            Put(bytes);
        }

        var headersLength = buffer.Count - headersStart;
        Put("0\"}]"u8);
        return new InputRecord(topic, 3, 42, Timestamp, [.. buffer], keyStart, key?.Length ?? -1, valueStart, value?.Length ?? -1,
            headersStart, headersLength);
    }
}
