using Streaming.Common.CommandLine;

namespace Streaming.Engine.Storing;

/// <summary>Everything that becomes durable together: what was applied in which order,
/// what it caused, and how far the readers behind are.</summary>
/// <remarks>Built by the committer; the store writes it in one transaction or not at all.</remarks>
public sealed class CommitRecord
{
    /// <summary>Commits are numbered 1, 2, 3, … without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>The clock of the members in this commit, epoch milliseconds.</summary>
    public required long Now { get; init; }

    /// <summary>What was applied, in order, with the inputs' bytes (<see cref="SequenceCodec"/>).
    /// Kept until every snapshot contains it.</summary>
    public required ReadOnlyMemory<byte> Sequence { get; init; }

    /// <summary>Messages and rows it caused (<see cref="OutputCodec"/>). Kept until sent and formed into blocks.</summary>
    public required ReadOnlyMemory<byte> Outputs { get; init; }

    /// <summary>Partitions that moved.</summary>
    public required IReadOnlyList<PartitionPosition> Positions { get; init; }

    /// <summary>Snapshots of members, each containing this commit or an earlier one.</summary>
    public required IReadOnlyList<SnapshotRow> Snapshots { get; init; }

    /// <summary>Blocks formed from earlier commits.</summary>
    public required IReadOnlyList<FormedBlock> Blocks { get; init; }

    /// <summary>How far the readers behind have come.</summary>
    public required Progress Progress { get; init; }
}

/// <summary>The next offset to read of one partition, under the identity of its topic.</summary>
public readonly record struct PartitionPosition(string Topic, int Partition, string TopicId, long Next);

/// <summary>One member's encoded state.</summary>
/// <param name="Id">Member id, UTF-8.</param>
/// <param name="Commit">Number of the last commit it contains.</param>
/// <param name="Wake">When to look at the member, at or before its due time; <see cref="long.MaxValue"/> for never.</param>
/// <param name="Rules">Hash of the rules it was settled under.</param>
/// <param name="State">Snapshot bytes.</param>
/// <param name="Standing">True when the member's row in the store names this wake already: it is left as it is.</param>
public readonly record struct SnapshotRow(ReadOnlyMemory<byte> Id, long Commit, long Wake, ulong Rules, ReadOnlyMemory<byte> State,
    bool Standing = false);

/// <summary>How far each reader of the commits has come. A commit that all have passed is deleted.</summary>
/// <param name="Settled">All snapshots contain the commits up to here.</param>
/// <param name="Sent">All Kafka messages of the commits up to here are acknowledged.</param>
/// <param name="Formed">All rows of the commits up to here are in formed blocks.</param>
public readonly record struct Progress(long Settled, long Sent, long Formed);

/// <summary>What a store holds when it is opened.</summary>
public sealed class StoreHead
{
    /// <summary>Number of the last durable commit; 0 for a new store.</summary>
    public long Commit { get; init; }

    /// <summary>Clock of that commit.</summary>
    public long Now { get; init; }

    /// <summary>How far each reader had come.</summary>
    public Progress Progress { get; init; }

    /// <summary>Positions by (topic, partition).</summary>
    public IReadOnlyList<PartitionPosition> Positions { get; init; } = [];
}

/// <summary>A commit as read back for recovery.</summary>
public readonly record struct StoredCommit(long Number, byte[] Sequence, byte[] Outputs);

/// <summary>The store cannot do what was asked: says what failed, whether trying again can help, and what to look at.</summary>
public sealed class StoreException(string message, bool retryable, Exception? inner = null) : Exception(message, inner), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.Failed;

    /// <summary>True for a condition that can pass (disk full, file locked); false for damage or misuse.</summary>
    public bool Retryable { get; } = retryable;

    /// <summary>The bytes of a commit are not what was written.</summary>
    public static StoreException DamagedCommit(Exception? inner = null) => new("A commit in the store is damaged: restore the store " +
        "from a backup, or start an empty data directory.", false, inner);
}
