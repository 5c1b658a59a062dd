using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Hosting;

/// <summary>What one shard made of one batch. Written by the shard, then read by the committer.</summary>
public sealed class ShardPart : OutputPart
{
    /// <summary>Members looked at without an event.</summary>
    public List<Touch> Touches { get; } = [];

    /// <summary>Snapshots taken at the end of the batch.</summary>
    public List<SnapshotRow> Snapshots { get; } = [];

    /// <summary>Commits up to here are contained in the shard's snapshots once this batch is durable.</summary>
    public long Settled { get; set; }

    /// <summary>Why the shard could not apply the batch; stops the host.</summary>
    public Exception? Fault { get; set; }

    /// <inheritdoc/>
    public override void Clear()
    {
        base.Clear();
        Touches.Clear();
        Snapshots.Clear();
        Settled = 0;
        Fault = null;
    }
}
