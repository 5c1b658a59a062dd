using System.Buffers;
using Streaming.Engine.Storing;

namespace Streaming.Engine.Batches;

/// <summary>What one shard made of one batch. Written by the shard, then read by the committer.</summary>
public sealed class ShardResult : ApplyResult
{
    private readonly ArrayBufferWriter<byte> kept = new();

    /// <summary>Turns without an event: wakes and settles.</summary>
    public List<EventlessTurn> EventlessTurns { get; } = [];

    /// <summary>Snapshots taken at the end of the batch.</summary>
    public List<SnapshotRow> Snapshots { get; } = [];

    /// <summary>Commits up to here are contained in the shard's snapshots once this batch is durable.</summary>
    public long Settled { get; set; }

    /// <summary>Why the shard could not apply the batch; stops the host.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Copies bytes of a snapshot to where they stay until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        kept.Write(bytes);
        return kept.WrittenMemory[^bytes.Length..]; // stays valid when the writer moves to a larger array
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        base.Clear();
        EventlessTurns.Clear();
        Snapshots.Clear();
        kept.ResetWrittenCount();
        Settled = 0;
        Fault = null;
    }
}
