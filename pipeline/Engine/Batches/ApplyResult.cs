using System.Buffers;
using System.Diagnostics;
using Streaming.Engine.Tracing;

namespace Streaming.Engine.Batches;

/// <summary>What applying inputs to members gave, for one commit: bytes that leave, and counts. Filled by one thread at a time.</summary>
public class ApplyResult
{
    /// <summary>Messages for Kafka (<see cref="Streaming.Contract.Messages.OutputMessages"/>), one after another.</summary>
    public ArrayBufferWriter<byte> Messages { get; } = new(16 * 1024);

    /// <summary>Rows for ClickHouse.</summary>
    public ArrayBufferWriter<byte> Rows { get; } = new(16 * 1024);

    /// <summary>Turns of records that are followed, in order.</summary>
    public List<TurnTrace> Traces { get; } = [];

    /// <summary>Counts for the ops page.</summary>
    public BatchCounts Counts { get; } = new();

    /// <summary>The turn of a record is over: what it caused belongs to its trace.</summary>
    /// <param name="turn">Its span; null when it is not followed.</param>
    /// <param name="from">Length of <see cref="Messages"/> before it.</param>
    public void Follow(Activity? turn, int from)
    {
        if (turn is not null) Traces.Add(new TurnTrace(from, Messages.WrittenCount, turn.Context));
    }

    /// <summary>Makes it empty for the next use.</summary>
    public virtual void Clear()
    {
        Messages.ResetWrittenCount();
        Rows.ResetWrittenCount();
        Traces.Clear();
        Counts.Clear();
    }
}
