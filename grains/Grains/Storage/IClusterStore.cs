using Streaming.Engine.Storing;

namespace Streaming.Grains.Storage;

/// <summary>The durable truth of the cluster, shared by all silos. No other code knows the tables. Thread-safe.</summary>
/// <remarks>
/// Everything is conditional: members on their version, positions on where they stood, partitions on their assignment generation, the
/// outbox on its lease. What is not as expected is refused as a whole, so no belief held in a silo's memory can ever overwrite the truth.
/// </remarks>
public interface IClusterStore
{
    /// <summary>Makes one silo's work durable in one transaction, or none of it.</summary>
    /// <exception cref="FencedException">A partition has a newer assignment, a member or position moved, the number is taken, or the
    /// outbox belongs to another: the caller must read again what it holds in memory.</exception>
    /// <exception cref="StoreException">The database is away or refuses; whether it landed is told by the next attempt with the same
    /// object, which never lands twice.</exception>
    Task CommitAsync(SiloCommit commit, CancellationToken cancel);

    /// <summary>Newest snapshots of these members; those without one are left out.</summary>
    Task<IReadOnlyList<MemberRecord>> ReadAsync(IReadOnlyList<byte[]> ids, CancellationToken cancel);

    /// <summary>Takes a partition over under a higher generation; from here on nothing of an older one lands.</summary>
    Task<Assignment> AssignAsync(string topic, int partition, string topicId, CancellationToken cancel);

    /// <summary>Where each bucket stands in a partition: the next offset it has not
    /// applied. A bucket not listed has applied nothing.</summary>
    Task<IReadOnlyDictionary<int, long>> PositionsAsync(string topicId, int partition, CancellationToken cancel);

    /// <summary>Records how far partitions are acknowledged by every silo they touch, and proven.
    /// Those of an older generation are left out and returned.</summary>
    Task<IReadOnlyList<PartitionProgress>> ProgressAsync(IReadOnlyList<PartitionProgress> progress, CancellationToken cancel);

    /// <summary>All these partitions are read and applied past this moment, epoch milliseconds;
    /// <see cref="long.MinValue"/> while nothing is known of one.</summary>
    /// <param name="inputs">Every partition that every input topic has, as the broker tells it.</param>
    Task<long> ProvenAsync(IReadOnlyCollection<InputPartition> inputs, CancellationToken cancel);

    /// <summary>Members of a bucket due by <paramref name="upTo"/>, earliest first.</summary>
    Task<IReadOnlyList<byte[]>> DueAsync(int bucket, long upTo, int most, CancellationToken cancel);

    /// <summary>Members of a bucket not settled under these rules, in the order of their ids
    /// after <paramref name="after"/> (empty: from the first).</summary>
    Task<IReadOnlyList<byte[]>> NotSettledUnderAsync(int bucket, ulong rules, byte[] after, int most, CancellationToken cancel);

    /// <summary>Members of a bucket, in the order of their ids after <paramref name="after"/> (empty: from the first).</summary>
    Task<IReadOnlyList<byte[]>> IdsAsync(int bucket, byte[] after, int most, CancellationToken cancel);
}

/// <summary>One silo's work since its last commit.</summary>
public sealed class SiloCommit
{
    /// <summary>Tells a second attempt from other work under the same number.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Whose outbox it goes to, and under which lease.</summary>
    public required OutboxLease Lease { get; init; }

    /// <summary>1, 2, 3 … for each outbox, without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>Changed members, each at most once.</summary>
    public required IReadOnlyList<MemberRecord> Members { get; init; }

    /// <summary>Buckets that moved on in a partition.</summary>
    public required IReadOnlyList<BucketPosition> Positions { get; init; }

    /// <summary>Assignments the inputs came under.</summary>
    public required IReadOnlyList<Fence> Fences { get; init; }

    /// <summary>Messages and rows it caused (<see cref="OutputCodec"/>).</summary>
    public required ReadOnlyMemory<byte> Outputs { get; init; }

    /// <summary>Blocks formed from earlier commits of the same outbox.</summary>
    public required IReadOnlyList<FormedBlock> Blocks { get; init; }

    /// <summary>How far the outbox's readers are; <see cref="Progress.Settled"/> is always the commit itself.</summary>
    public required Progress Progress { get; init; }
}

/// <summary>A member as stored.</summary>
/// <param name="Id">Member id, UTF-8.</param>
/// <param name="Bucket">The bucket it belongs to, for good.</param>
/// <param name="Version">1 for its first commit, one more with each. A commit writes it only over the version before.</param>
/// <param name="Due">When it wants to be looked at; <see cref="Members.Member.Never"/> for never.</param>
/// <param name="Rules">Hash of the rules it was settled under.</param>
/// <param name="State">Snapshot bytes.</param>
public readonly record struct MemberRecord(byte[] Id, int Bucket, long Version, long Due, ulong Rules, byte[] State);

/// <summary>A bucket moves on in a partition.</summary>
/// <param name="From">Its position before the commit; 0 when it had applied nothing.
/// The commit is refused when the position has changed.</param>
/// <param name="Next">The next offset it has not applied.</param>
public readonly record struct BucketPosition(string TopicId, int Partition, int Bucket, long From, long Next);

/// <summary>The assignment a batch came under.</summary>
public readonly record struct Fence(string TopicId, int Partition, long Generation);

/// <summary>One partition of one incarnation of a topic.</summary>
public readonly record struct InputPartition(string TopicId, int Partition);

/// <summary>A partition taken over.</summary>
/// <param name="Generation">Higher than any before.</param>
/// <param name="Next">Every silo has acknowledged all records before this offset; 0 when nothing is known.</param>
public readonly record struct Assignment(long Generation, long Next);

/// <summary>How far one partition is.</summary>
/// <param name="Next">Everything before this offset is durable in every silo it touches.</param>
/// <param name="Proven">Everything up to this moment, epoch milliseconds, has been read and is durable.</param>
public readonly record struct PartitionProgress(string TopicId, int Partition, long Generation, long Next, long Proven);

/// <summary>The right to write and send one outbox.</summary>
/// <param name="Writer">The outbox: also the writer's name in ClickHouse.</param>
/// <param name="Token">Higher with each owner; what carries an older one is refused.</param>
public sealed record OutboxLease(string Writer, long Token);

/// <summary>The caller's view of the database is out of date. Nothing was written; it
/// must drop what it holds in memory and read again.</summary>
public class FencedException(string message) : Exception(message);

/// <summary>The outbox has another holder: this silo was away for longer than its lease. It cannot go on under it.</summary>
public sealed class LeaseLostException(OutboxLease lease)
    : FencedException($"Outbox {lease.Writer} has another holder than the one with token {lease.Token}: this silo could not renew its " +
        $"lease in time.");
