using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using Streaming.Contract.Records;

namespace Streaming.Kafka.Client;

/// <summary>A producer's messages and reports as librdkafka has them, without objects for
/// each: what <c>IProducer.Produce</c> does one by one.</summary>
/// <remarks>
/// Any thread may send; one polls. The producer must not poll by itself (<see cref="KafkaSettings.Sender"/>); its errors come out of
/// <see cref="Poll"/> too, its logs are delivered separately. Disposed of before the producer is closed, when nobody polls any more.
/// </remarks>
internal sealed unsafe class ProducerQueue : IDisposable
{
    private const int AtOnce = 512;
    private const int DeliveryReport = 0x1, Failure = 0x8; // RD_KAFKA_EVENT_DR, _ERROR
    private const int CopyBytes = 0x2; // RD_KAFKA_MSG_F_COPY

    private static readonly delegate* unmanaged[Cdecl]<nint, MessageField*, nuint, nint> Produce =
        (delegate* unmanaged[Cdecl]<nint, MessageField*, nuint, nint>)NativeClient.Function("rd_kafka_produceva");
    private static readonly delegate* unmanaged[Cdecl]<nint, int> CodeOf =
        (delegate* unmanaged[Cdecl]<nint, int>)NativeClient.Function("rd_kafka_error_code");
    private static readonly delegate* unmanaged[Cdecl]<nint, void> DestroyError =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeClient.Function("rd_kafka_error_destroy");
    private static readonly delegate* unmanaged[Cdecl]<nuint, nint> NewHeaders =
        (delegate* unmanaged[Cdecl]<nuint, nint>)NativeClient.Function("rd_kafka_headers_new");
    private static readonly delegate* unmanaged[Cdecl]<nint, byte*, nint, byte*, nint, int> AddHeader =
        (delegate* unmanaged[Cdecl]<nint, byte*, nint, byte*, nint, int>)NativeClient.Function("rd_kafka_header_add");
    private static readonly delegate* unmanaged[Cdecl]<nint, void> DestroyHeaders =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeClient.Function("rd_kafka_headers_destroy");
    private static readonly delegate* unmanaged[Cdecl]<nint, int, nint> PollQueue =
        (delegate* unmanaged[Cdecl]<nint, int, nint>)NativeClient.Function("rd_kafka_queue_poll");
    private static readonly delegate* unmanaged[Cdecl]<nint, int> TypeOf =
        (delegate* unmanaged[Cdecl]<nint, int>)NativeClient.Function("rd_kafka_event_type");
    private static readonly delegate* unmanaged[Cdecl]<nint, NativeRecord**, nuint, nuint> Messages =
        (delegate* unmanaged[Cdecl]<nint, NativeRecord**, nuint, nuint>)NativeClient.Function("rd_kafka_event_message_array");
    private static readonly delegate* unmanaged[Cdecl]<nint, byte*> FailureText =
        (delegate* unmanaged[Cdecl]<nint, byte*>)NativeClient.Function("rd_kafka_event_error_string");
    private static readonly delegate* unmanaged[Cdecl]<nint, void> DestroyEvent =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeClient.Function("rd_kafka_event_destroy");

    private readonly SafeHandle client;
    private readonly nint queue;
    private readonly nint[] topics;
    private readonly NativeRecord*[] reports = new NativeRecord*[AtOnce];

    /// <summary>The queue of a producer.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="topics">Names of the topics it sends to; from here on they are known by their index.</param>
    /// <exception cref="KafkaException">A name is no topic's.</exception>
    public ProducerQueue(IClient producer, IReadOnlyList<string> topics)
    {
        client = NativeClient.Hold(producer);
        var rk = client.DangerousGetHandle();
        queue = ((delegate* unmanaged[Cdecl]<nint, nint>)NativeClient.Function("rd_kafka_queue_get_main"))(rk);
        this.topics = [.. topics.Select(t => Topic(rk, t))];
    }

    /// <summary>Hands a message over; its bytes are copied.</summary>
    /// <param name="topic">Index of the topic.</param>
    /// <param name="key">The key; ignored unless <paramref name="hasKey"/>.</param>
    /// <param name="hasKey">False for a message without a key.</param>
    /// <param name="value">The value; ignored unless <paramref name="hasValue"/>.</param>
    /// <param name="hasValue">False for a tombstone.</param>
    /// <param name="headers">Headers.</param>
    /// <param name="opaque">Comes back with the report.</param>
    /// <returns><see cref="ErrorCode.NoError"/> when it was taken: a report follows. Otherwise why not; no report follows.</returns>
    public ErrorCode Send(int topic, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue, RecordHeaders headers,
        nint opaque)
    {
        byte nothing = 0; // librdkafka takes a null pointer as "no key": an empty key needs an address
        var carried = headers.IsEmpty ? 0 : Native(headers);
        var parts = stackalloc MessageField[6];
        var count = 0;
        fixed (byte* keyBytes = key)
        fixed (byte* valueBytes = value)
        {
            parts[count++] = new MessageField(MessageFieldKind.Topic, topics[topic]);
            parts[count++] = new MessageField(MessageFieldKind.Flags, CopyBytes);
            parts[count++] = new MessageField(MessageFieldKind.Opaque, opaque);
            if (hasKey) parts[count++] = new MessageField(MessageFieldKind.Key, (nint)(key.IsEmpty ? &nothing : keyBytes), key.Length);
            if (hasValue)
            {
                parts[count++] = new MessageField(MessageFieldKind.Value, (nint)(value.IsEmpty ? &nothing : valueBytes), value.Length);
            }
            if (carried != 0) parts[count++] = new MessageField(MessageFieldKind.Headers, carried);
            var error = Produce(client.DangerousGetHandle(), parts, (nuint)count);
            if (error == 0) return ErrorCode.NoError;
            if (carried != 0) DestroyHeaders(carried); // taken over only with the message
            var code = (ErrorCode)CodeOf(error);
            DestroyError(error);
            return code;
        }
    }

    /// <summary>Waits for reports or failures, at most this long, and tells of them.</summary>
    public void Poll(TimeSpan most, IProducerReports to)
    {
        var found = PollQueue(queue, (int)most.TotalMilliseconds);
        if (found == 0) return;
        switch (TypeOf(found))
        {
            case DeliveryReport:
                fixed (NativeRecord** into = reports)
                {
                    for (var count = Messages(found, into, AtOnce); count > 0; count = Messages(found, into, AtOnce))
                    {
                        for (var i = 0; i < (int)count; i++)
                        {
                            to.Reported(Array.IndexOf(topics, reports[i]->Topic), in *reports[i], ConsumerQueue.HeadersOf(reports[i]));
                        }
                    }
                }

                break;
            case Failure:
                to.Failed(Marshal.PtrToStringUTF8((nint)FailureText(found)) ?? "");
                break;
        }

        DestroyEvent(found);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var topic in topics) ((delegate* unmanaged[Cdecl]<nint, void>)NativeClient.Function("rd_kafka_topic_destroy"))(topic);
        ((delegate* unmanaged[Cdecl]<nint, void>)NativeClient.Function("rd_kafka_queue_destroy"))(queue);
        client.DangerousRelease();
    }

    private static nint Topic(nint rk, string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var made = ((delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)NativeClient.Function("rd_kafka_topic_new"))(rk, text, 0);
            var lastError = (delegate* unmanaged[Cdecl]<int>)NativeClient.Function("rd_kafka_last_error");
            return made != 0 ? made : throw new KafkaException((ErrorCode)lastError());
        }
    }

    private static nint Native(RecordHeaders headers)
    {
        var made = NewHeaders(8);
        byte nothing = 0;
        while (headers.Next())
        {
            fixed (byte* name = headers.Name)
            fixed (byte* value = headers.Value)
            {
                _ = AddHeader(made, headers.Name.IsEmpty ? &nothing : name, headers.Name.Length,
                    headers.IsNull ? null : headers.Value.IsEmpty ? &nothing : value, headers.Value.Length);
            }
        }

        return made;
    }

    private enum MessageFieldKind
    {
        Topic = 2, // RD_KAFKA_VTYPE_RKT and what follows
        Value = 4,
        Key = 5,
        Opaque = 6,
        Flags = 7,
        Headers = 10,
    }

    /// <summary>One field of a message (<c>rd_kafka_vu_t</c>).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 72)]
    private readonly struct MessageField(MessageFieldKind kind, nint value, nint size = 0)
    {
        private readonly MessageFieldKind kind = kind;
        private readonly nint value = value;
        private readonly nint size = size;
    }
}

/// <summary>Receives delivery reports on the polling thread.</summary>
internal interface IProducerReports
{
    /// <summary>The broker acknowledged a message or refused it for good: see <see cref="NativeRecord.Error"/>.</summary>
    /// <param name="topic">Index of its topic.</param>
    /// <param name="report">The message as it was sent; valid during the call.</param>
    /// <param name="headers">Its headers for <see cref="RecordHeaders"/>, or 0.</param>
    void Reported(int topic, in NativeRecord report, nint headers);

    /// <summary>The client as a whole reports an error, which may pass or stay.</summary>
    void Failed(string reason);
}
