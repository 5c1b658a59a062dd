using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Shards;

/// <summary>The members one shard owns: some decoded in memory, all in the store; which of them are due next, and which changed since
/// their newest snapshot.</summary>
/// <remarks>Used by the shard's thread alone.</remarks>
public sealed class ShardMembers : IDisposable
{
    private readonly DurableCommits durable;
    private readonly MemberCache cache;
    private readonly WakeQueue wakes;
    private readonly SnapshotTaker snapshots;
    private readonly SnapshotWriter writer = new();
    private long last;
    private long read;

    /// <summary>The members of a share, as the store has them.</summary>
    /// <param name="share">Which members.</param>
    /// <param name="store">Has their snapshots.</param>
    /// <param name="durable">Says which snapshots are in the store by now.</param>
    /// <param name="settings">How many are kept in memory, and when changed ones are written.</param>
    /// <param name="snapshotBytes">The bytes of <see cref="ShardSettings.SnapshotMiB"/> in force.</param>
    public ShardMembers(MemberShare share, IStore store, DurableCommits durable, ShardSettings settings, long snapshotBytes)
    {
        Share = share;
        this.durable = durable;
        Stored = store.OpenReader();
        last = store.Head.Progress.Settled;
        cache = new MemberCache(Math.Max(1_000, settings.EffectiveCachedMembers / share.Count), Stored);
        wakes = new WakeQueue(Stored, cache, share);
        snapshots = new SnapshotTaker(cache, wakes, settings, snapshotBytes);
        Unsettled = new SettleSweep(Stored, cache, share);
    }

    /// <summary>Which members these are.</summary>
    public MemberShare Share { get; }

    /// <summary>When the next wake of any of them may be due, epoch milliseconds.</summary>
    public long NextDue => wakes.Next;

    /// <summary>Their snapshots in the store.</summary>
    internal IMemberReader Stored { get; }

    /// <summary>Those that are not under the rules of the batch yet.</summary>
    internal SettleSweep Unsettled { get; }

    /// <inheritdoc/>
    public void Dispose() => Stored.Dispose();

    /// <summary>A batch begins.</summary>
    internal void Begin(Batch batch) => read += batch.ArenaUsed;

    /// <inheritdoc cref="MemberCache.Expect"/>
    internal void Expect(ReadOnlySpan<Routed> next) => cache.Expect(next);

    /// <summary>The member, from memory, else from the store, else new.</summary>
    internal CachedMember Get(ReadOnlySpan<byte> id) => cache.Get(id, durable.Last);

    /// <inheritdoc cref="MemberCache.Get(ReadOnlySpan{byte}, ulong, long)"/>
    internal CachedMember Get(ReadOnlySpan<byte> id, ulong hash) => cache.Get(id, hash, durable.Last);

    /// <inheritdoc cref="WakeQueue.TryTake"/>
    internal bool TryTakeDue(long proven, out byte[] id) => wakes.TryTake(proven, out id);

    /// <summary>A member was changed by the batch.</summary>
    internal void Changed(CachedMember member, Batch batch)
    {
        MarkDirty(member, batch);
        wakes.Schedule(member);
    }

    /// <summary>A member whose wake was taken is not due yet: it is looked at again when it is.</summary>
    internal void Postpone(CachedMember member, Batch batch)
    {
        if (wakes.Outdated(member)) MarkDirty(member, batch); // so that its row is written anew
        wakes.Schedule(member);
    }

    /// <summary>The batch is applied: changed members leave for the store, and the result tells how far the store will be.</summary>
    internal void Finish(Batch batch, ShardResult result)
    {
        snapshots.Take(batch, read, result);
        last = batch.Number;
        result.Settled = cache.FirstDirty is { } oldest ? oldest.DirtySince - 1 : batch.Number;
        result.Counts.Members = result.Counts.Members with { Cached = cache.Count, Dirty = cache.Dirty };
    }

    /// <summary>Answers a question for one member's state.</summary>
    internal void Answer(MemberQuery query) => query.Answer(cache, Stored, writer, last);

    /// <summary>What is applied again counts as long changed: it is written right after recovery,
    /// so that the next one, after a crash soon, has less to do.</summary>
    private void MarkDirty(CachedMember member, Batch batch) =>
        cache.MarkDirty(member, batch.Number, batch.Recovering ? 0 : batch.WallClock, read);
}
