using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Streaming.Kafka.Client;

/// <summary>Takes a consumer's records in batches from librdkafka, without an object per record as <c>IConsumer.Consume</c>
/// makes.</summary>
/// <remarks>
/// Records taken are valid until <see cref="Release"/>. Callbacks of the consumer (errors, logs) run inside <see cref="Take"/> as they do
/// inside <c>Consume</c>. One thread at a time; disposed of before the consumer is closed.
/// </remarks>
internal sealed unsafe class ConsumerQueue : IDisposable
{
    /// <summary>Records one call may give.</summary>
    public const int Most = 512;

    private static readonly delegate* unmanaged[Cdecl]<nint, int, NativeRecord**, nuint, nint> ConsumeBatch =
        (delegate* unmanaged[Cdecl]<nint, int, NativeRecord**, nuint, nint>)NativeClient.Function("rd_kafka_consume_batch_queue");
    private static readonly delegate* unmanaged[Cdecl]<NativeRecord*, void> Destroy =
        (delegate* unmanaged[Cdecl]<NativeRecord*, void>)NativeClient.Function("rd_kafka_message_destroy");
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<NativeRecord*, int*, long> GetTimestamp =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<NativeRecord*, int*, long>)NativeClient.Function("rd_kafka_message_timestamp");
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<NativeRecord*, nint*, int> GetHeaders =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<NativeRecord*, nint*, int>)NativeClient.Function("rd_kafka_message_headers");
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nuint, byte**, byte**, nuint*,
        int> GetHeader = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nuint, byte**, byte**, nuint*,
        int>)NativeClient.Function("rd_kafka_header_get_all");
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*> GetTopicName =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*>)NativeClient.Function("rd_kafka_topic_name");

    private readonly SafeHandle client;
    private readonly nint queue;
    private readonly NativeRecord*[] records = new NativeRecord*[Most];
    private int count;

    /// <summary>The queue of a consumer.</summary>
    public ConsumerQueue(IClient consumer)
    {
        client = NativeClient.Hold(consumer);
        queue = ((delegate* unmanaged[Cdecl]<nint, nint>)NativeClient.Function("rd_kafka_queue_get_consumer"))(client.DangerousGetHandle());
    }

    /// <summary>Waits for the first record or event at most <paramref name="wait"/>, then takes what is there, up to
    /// <paramref name="most"/>.</summary>
    /// <returns>How many there are. What was taken before must have been released.</returns>
    public int Take(int most, TimeSpan wait)
    {
        fixed (NativeRecord** to = records)
        {
            // librdkafka waits the whole time for a batch to become full: only the first record is waited for
            if (wait > TimeSpan.Zero)
            {
                count = Math.Max(0, (int)ConsumeBatch(queue, (int)wait.TotalMilliseconds, to, 1));
                if (count == 0) return 0;
            }

            count += Math.Max(0, (int)ConsumeBatch(queue, 0, to + count, (nuint)(Math.Min(most, Most) - count)));
        }

        return count;
    }

    /// <summary>One of the records taken.</summary>
    public ref readonly NativeRecord this[int index] => ref *records[index];

    /// <summary>A record's timestamp, epoch milliseconds; 0 when it has none.</summary>
    public long TimestampOf(int index)
    {
        int kind;
        var timestamp = GetTimestamp(records[index], &kind);
        return kind == 0 ? 0 : timestamp;
    }

    /// <summary>A record's headers, or 0 for none.</summary>
    public nint HeadersOf(int index) => HeadersOf(records[index]);

    /// <summary>Headers of a record or report, or 0 for none.</summary>
    public static nint HeadersOf(NativeRecord* record)
    {
        nint headers;
        return GetHeaders(record, &headers) == 0 ? headers : 0;
    }

    /// <summary>One header; false after the last.</summary>
    public static bool TryHeader(nint headers, int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool isNull)
    {
        byte* nameText, bytes;
        nuint length;
        var found = GetHeader(headers, (nuint)index, &nameText, &bytes, &length) == 0;
        name = found ? MemoryMarshal.CreateReadOnlySpanFromNullTerminated(nameText) : default;
        value = found ? new ReadOnlySpan<byte>(bytes, (int)length) : default;
        isNull = found && bytes is null;
        return found;
    }

    /// <summary>Name of a topic handle.</summary>
    public static string TopicName(nint topic) => Marshal.PtrToStringUTF8((nint)GetTopicName(topic))!;

    /// <summary>Gives back what was taken.</summary>
    public void Release()
    {
        for (var i = 0; i < count; i++) Destroy(records[i]);
        count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        ((delegate* unmanaged[Cdecl]<nint, void>)NativeClient.Function("rd_kafka_queue_destroy"))(queue);
        client.DangerousRelease();
    }
}
