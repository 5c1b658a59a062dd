using Streaming.Contract.Records;

namespace Streaming.Kafka.Client;

/// <summary>The headers of one of librdkafka's records, copied into the form of <see cref="RecordHeaders"/>.</summary>
internal static class NativeHeaders
{
    /// <summary>Bytes that librdkafka's headers need; more than <paramref name="most"/>
    /// when they need more than that, however much it is.</summary>
    public static int Size(nint headers, int most)
    {
        var size = 0L;
        for (var i = 0; size <= most && ConsumerQueue.TryHeader(headers, i, out var name, out var value, out _); i++)
            size += 6L + name.Length + value.Length;
        return (int)Math.Min(size, most + 1L);
    }

    /// <summary>Bytes that librdkafka's headers need.</summary>
    public static int Size(nint headers) => Size(headers, int.MaxValue - 1);

    /// <summary>Appends librdkafka's headers, all of them.</summary>
    public static void Write(Span<byte> to, nint headers)
    {
        for (var i = 0; ConsumerQueue.TryHeader(headers, i, out var name, out var value, out var isNull); i++)
        {
            RecordHeaders.Write(to, name, value, isNull);
            to = to[RecordHeaders.Size(name.Length, value.Length)..];
        }
    }
}
