using System.Buffers;

namespace Streaming.Engine.Batches;

/// <summary>What applying inputs to members gave, for one commit: bytes that leave, and counts. Filled by one thread at a time.</summary>
public class OutputPart
{
    /// <summary>Messages for Kafka (<see cref="Streaming.Contract.Messages.OutputMessages"/>), one after another.</summary>
    public ArrayBufferWriter<byte> Messages { get; } = new(16 * 1024);

    /// <summary>Rows for ClickHouse.</summary>
    public ArrayBufferWriter<byte> Rows { get; } = new(16 * 1024);

    /// <summary>Counts for the ops page.</summary>
    public BatchCounts Counts { get; } = new();

    /// <summary>Makes it empty for the next use.</summary>
    public virtual void Clear()
    {
        Messages.ResetWrittenCount();
        Rows.ResetWrittenCount();
        Counts.Clear();
    }
}
