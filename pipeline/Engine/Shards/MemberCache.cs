using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Members;

namespace Streaming.Engine.Shards;

/// <summary>A bounded number of decoded members of one shard. Others are read from the store when they are first used.</summary>
/// <remarks>
/// A member may be evicted only when its newest snapshot is durable; when all are waiting for that, the cache grows past its capacity by at
/// most what the batches in flight touch. The clock algorithm chooses: a hand goes round the members and evicts one that was not used since
/// its last visit. A list in order of last use would touch the memory of two other members at every event. Used by the shard's thread
/// alone.
/// </remarks>
public sealed class MemberCache(int capacity, IMemberReader store)
{
    /// <summary>Members the hand looks at before it gives up.</summary>
    private const int MaxLooks = 64;

    private readonly Dictionary<ulong, CachedMember> byHash = [];
    private readonly List<CachedMember> ring = [];
    private readonly Stack<CachedMember> spare = new();
    private CachedMember? firstDirty, lastDirty;
    private int hand;
    private long expected; // its value is never used: it keeps the compiler from removing the reads of Expect

    /// <summary>Members in memory.</summary>
    public int Count => ring.Count;

    /// <summary>Members changed since their newest snapshot.</summary>
    public int Dirty { get; private set; }

    /// <summary>How many members should be in memory at most.</summary>
    public int Capacity => capacity;

    /// <summary>The member that has been dirty longest, or null.</summary>
    public CachedMember? FirstDirty => firstDirty;

    /// <summary>All members in memory.</summary>
    public IReadOnlyList<CachedMember> All => ring;

    /// <summary>The member, from memory, else from the store, else new.</summary>
    /// <param name="id">Member id.</param>
    /// <param name="durable">The last durable commit: only members whose snapshot is that old are evicted.</param>
    public CachedMember Get(ReadOnlySpan<byte> id, long durable) => Get(id, StableHash.Of(id), durable);

    /// <summary>As above, for a caller that has the id's <see cref="StableHash"/> already.</summary>
    public CachedMember Get(ReadOnlySpan<byte> id, ulong hash, long durable)
    {
        if (Find(id, hash) is { } known)
        {
            known.Used = true;
            return known;
        }

        if (Count >= capacity) Evict(durable);
        var member = spare.TryPop(out var free) ? free : new CachedMember();
        member.Hash = hash;
        member.State.Reset(id);
        member.SnapshotCommit = 0;
        member.IsAsStored = false;
        member.ScheduledDue = Member.Never;
        member.StoredWake = WakeQueue.NoRow;
        if (store.TryRead(id, out var stored))
        {
            member.State.Read(stored.State);
            member.SnapshotCommit = stored.Commit;
            member.StoredWake = stored.Wake;
            member.IsAsStored = true;
        }

        byHash.TryGetValue(hash, out member.SameHash);
        byHash[hash] = member;
        member.Used = true;
        member.Place = ring.Count;
        ring.Add(member);
        return member;
    }

    /// <summary>Looks for members that will be asked for next, so that the processor waits for the
    /// memory of several at once and not for one after the other.</summary>
    public void Expect(ReadOnlySpan<Routed> next)
    {
        foreach (var record in next)
        {
            if (byHash.TryGetValue(record.Key, out var member)) expected ^= member.State.Now;
        }
    }

    /// <summary>The member if it is in memory, else null; does not count as a use.</summary>
    public CachedMember? Peek(ReadOnlySpan<byte> id) => Find(id, StableHash.Of(id));

    /// <summary>Marks a member changed by a commit.</summary>
    /// <param name="member">The member.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="now">The batch's wall clock.</param>
    /// <param name="read">Bytes of records read so far.</param>
    public void MarkDirty(CachedMember member, long commit, long now, long read)
    {
        if (member.DirtySince != 0) return;
        member.DirtySince = commit;
        member.DirtyAt = now;
        member.DirtyRead = read;
        member.DirtyBefore = lastDirty;
        member.DirtyAfter = null;
        if (lastDirty is null) firstDirty = member;
        else lastDirty.DirtyAfter = member;
        lastDirty = member;
        Dirty++;
    }

    /// <summary>Marks a member as contained, as of this commit, in a snapshot on its way to the store that asks for a look at
    /// <paramref name="wake"/>.</summary>
    public void MarkClean(CachedMember member, long commit, long wake)
    {
        if (member.DirtyBefore is null) firstDirty = member.DirtyAfter;
        else member.DirtyBefore.DirtyAfter = member.DirtyAfter;
        if (member.DirtyAfter is null) lastDirty = member.DirtyBefore;
        else member.DirtyAfter.DirtyBefore = member.DirtyBefore;
        member.DirtyBefore = member.DirtyAfter = null;
        member.DirtySince = 0;
        member.SnapshotCommit = commit;
        member.StoredWake = wake;
        member.IsAsStored = false;
        Dirty--;
    }

    private CachedMember? Find(ReadOnlySpan<byte> id, ulong hash)
    {
        byHash.TryGetValue(hash, out var member);
        while (member is not null && !member.State.Id.Span.SequenceEqual(id)) member = member.SameHash;
        return member;
    }

    private void Evict(long durable)
    {
        CachedMember? inUse = null;
        for (var looked = 0; looked < MaxLooks && Count >= capacity; looked++)
        {
            if (hand >= Count) hand = 0;
            var m = ring[hand];
            var free = m.DirtySince == 0 && (m.IsAsStored || m.SnapshotCommit <= durable);
            if (free && !m.Used)
            {
                Remove(m);
                continue;
            }

            if (free) inUse ??= m;
            m.Used = false;
            hand++;
        }

        // All members looked at had been used since the last visit: evict one of them all the same.
        if (Count >= capacity && inUse is { Place: >= 0 }) Remove(inUse);
    }

    private void Remove(CachedMember member)
    {
        var first = byHash[member.Hash];
        if (ReferenceEquals(first, member))
        {
            if (member.SameHash is null) byHash.Remove(member.Hash);
            else byHash[member.Hash] = member.SameHash;
        }
        else
        {
            while (!ReferenceEquals(first.SameHash, member)) first = first.SameHash!;
            first.SameHash = member.SameHash;
        }

        member.SameHash = null;
        var last = ring[^1];
        ring[member.Place] = last;
        last.Place = member.Place;
        ring.RemoveAt(Count - 1);
        member.Place = -1;
        spare.Push(member);
    }
}
