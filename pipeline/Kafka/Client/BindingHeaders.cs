using System.Text;
using Confluent.Kafka;
using Streaming.Contract.Records;

namespace Streaming.Kafka.Client;

/// <summary>The client's headers as the run of bytes that <see cref="RecordHeaders"/> reads.</summary>
public static class BindingHeaders
{
    /// <summary>Bytes the headers take; 0 for none. Above <paramref name="most"/> counting stops, and the result is some number larger than
    /// it.</summary>
    public static int Size(Headers? headers, int most)
    {
        if (headers is not { Count: > 0 }) return 0;
        var size = 0L;
        for (var i = 0; i < headers.Count && size <= most; i++)
            size += 6L + Encoding.UTF8.GetByteCount(headers[i].Key) + (headers[i].GetValueBytes()?.Length ?? 0);
        return (int)Math.Min(size, most + 1L);
    }

    /// <summary>Writes the headers one after another; <paramref name="to"/> must hold <see cref="Size"/> bytes.</summary>
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
