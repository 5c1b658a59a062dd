using System.Text;
using Confluent.Kafka;

namespace Streaming.Pipeline.Sources;

/// <summary>The client's headers as the run of bytes that <see cref="RecordHeaders"/> reads.</summary>
internal static class KafkaHeaders
{
    /// <summary>Bytes they take; 0 for none.</summary>
    public static int Size(Headers? headers)
    {
        var size = 0;
        if (headers is not { Count: > 0 }) return size;
        foreach (var h in headers) size += RecordHeaders.Size(Encoding.UTF8.GetByteCount(h.Key), h.GetValueBytes()?.Length ?? 0);
        return size;
    }

    /// <summary>Writes them.</summary>
    public static void Copy(Headers headers, Span<byte> to)
    {
        Span<byte> name = stackalloc byte[256];
        foreach (var h in headers)
        {
            var length = Encoding.UTF8.GetByteCount(h.Key);
            var utf8 = length <= name.Length ? name[..length] : new byte[length];
            Encoding.UTF8.GetBytes(h.Key, utf8);
            var value = h.GetValueBytes();
            RecordHeaders.Write(to, utf8, value, value is null);
            to = to[RecordHeaders.Size(length, value?.Length ?? 0)..];
        }
    }
}
