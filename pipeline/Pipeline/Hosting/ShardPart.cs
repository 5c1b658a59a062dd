using System.Buffers;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Hosting;

/// <summary>What one shard made of one batch. Written by the shard, then read by the committer.</summary>
public sealed class ShardPart
{
    /// <summary>Messages for Kafka (<see cref="Effects.OutputMessages"/>), one after another.</summary>
    public ArrayBufferWriter<byte> Messages { get; } = new(16 * 1024);

    /// <summary>Rows for ClickHouse.</summary>
    public ArrayBufferWriter<byte> Rows { get; } = new(16 * 1024);

    /// <summary>Members looked at without an event.</summary>
    public List<Touch> Touches { get; } = [];

    /// <summary>Snapshots taken at the end of the batch.</summary>
    public List<SnapshotRow> Snapshots { get; } = [];

    /// <summary>Commits up to here are contained in the shard's snapshots once this batch is durable.</summary>
    public long Settled { get; set; }

    /// <summary>Why the shard could not apply the batch; stops the host.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Counts for the ops page.</summary>
    public BatchCounts Counts { get; } = new();

    /// <summary>Makes it empty for the next batch.</summary>
    public void Clear()
    {
        Messages.ResetWrittenCount();
        Rows.ResetWrittenCount();
        Touches.Clear();
        Snapshots.Clear();
        Counts.Clear();
        Settled = 0;
        Fault = null;
    }
}
