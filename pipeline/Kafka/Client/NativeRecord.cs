using System.Runtime.InteropServices;

namespace Streaming.Kafka.Client;

/// <summary>A record as librdkafka hands it out (<c>rd_kafka_message_t</c>), an event of its partition, or the report of a message sent:
/// <see cref="Error"/> tells which, and whether it failed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct NativeRecord
{
    /// <summary>0 for a record; else librdkafka's error code, and the payload is its text.</summary>
    public readonly int Error;

    /// <summary>The topic's handle: the same for all records of a topic within one
    /// <see cref="ConsumerQueue.Take"/>; 0 for an error of the whole client.</summary>
    public readonly nint Topic;

    /// <summary>Partition number.</summary>
    public readonly int Partition;

    private readonly byte* payload;
    private readonly nuint length;
    private readonly byte* key;
    private readonly nuint keyLength;

    /// <summary>Offset of the record, or where the partition ends.</summary>
    public readonly long Offset;

    /// <summary>In a delivery report: the ticket the message was sent with. In a consumed record: librdkafka's own value.</summary>
    public readonly nint Opaque;

    /// <summary>True for a record with a key, which may be empty.</summary>
    public bool HasKey => key is not null;

    /// <summary>True for a record with a value, which may be empty.</summary>
    public bool HasValue => payload is not null;

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key => new(key, (int)keyLength);

    /// <summary>The value, or an error's text.</summary>
    public ReadOnlySpan<byte> Value => new(payload, (int)length);
}
