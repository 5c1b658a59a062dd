using Streaming.Engine.Batches;
using Streaming.Members;

namespace Streaming.Engine.Shards;

/// <summary>A decoded member in a shard's memory, and what the shard knows about it. Reused for another member after it is
/// evicted.</summary>
public sealed class CachedMember
{
    /// <summary>The state.</summary>
    public Member State { get; } = new();

    /// <summary>Hash of its id; the cache's key.</summary>
    public ulong Hash;

    /// <summary>Next member with the same hash.</summary>
    public CachedMember? SameHash;

    /// <summary>First commit not contained in any snapshot; 0 while it is unchanged.</summary>
    public long DirtySince;

    /// <summary>When it became dirty, epoch milliseconds by the batch's clock.</summary>
    public long DirtyAt;

    /// <summary>How many bytes of records had been read then.</summary>
    public long DirtyRead;

    /// <summary>The last commit its newest snapshot contains.</summary>
    public long SnapshotCommit;

    /// <summary>True while its state is just what was read from the store.</summary>
    public bool IsAsStored;

    /// <summary>The wake time in its store row, or in its newest snapshot on the way there, epoch milliseconds; <see
    /// cref="WakeQueue.NoRow"/> before the first.</summary>
    public long StoredWake = WakeQueue.NoRow;

    /// <summary>The earliest wake in the queue for it; <see cref="Member.Never"/> for none.</summary>
    public long ScheduledDue = Member.Never;

    /// <summary>True when it was used since the cache last looked whether to let it go.</summary>
    public bool Used;

    /// <summary>Its index in the cache; −1 once it is evicted.</summary>
    public int Place;

    /// <summary>True when a commit that is applied again is in its snapshot already.</summary>
    public bool Contains(Batch batch) => batch.Recovering && SnapshotCommit >= batch.Number;

    /// <summary>Neighbours by when they became dirty.</summary>
    public CachedMember? DirtyBefore, DirtyAfter;
}
