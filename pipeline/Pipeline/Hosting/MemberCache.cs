using Streaming.Members;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Hosting;

/// <summary>A bounded number of decoded members of one shard. What is not here is read from the store at first touch.</summary>
/// <remarks>
/// A member may be let go only when its newest snapshot is durable; when all are waiting for that, the cache grows past its capacity by
/// at most what the batches in flight touch. Used by the shard's thread alone.
/// </remarks>
internal sealed class MemberCache(int capacity, IMemberReader store)
{
    private readonly Dictionary<ulong, CachedMember> byHash = [];
    private readonly Stack<CachedMember> spare = new();
    private CachedMember? oldest, newest, firstDirty, lastDirty;

    /// <summary>Members in memory.</summary>
    public int Count { get; private set; }

    /// <summary>Members changed since their newest snapshot.</summary>
    public int Dirty { get; private set; }

    /// <summary>How many members should be in memory at most.</summary>
    public int Capacity => capacity;

    /// <summary>The member that has been dirty longest, or null.</summary>
    public CachedMember? FirstDirty => firstDirty;

    /// <summary>All members in memory, most recently used first.</summary>
    public IEnumerable<CachedMember> All()
    {
        for (var m = newest; m is not null; m = m.Older) yield return m;
    }

    /// <summary>The member, from memory, else from the store, else new.</summary>
    /// <param name="id">Member id.</param>
    /// <param name="durable">The last durable commit: only members whose snapshot is that old are let go.</param>
    public CachedMember Get(ReadOnlySpan<byte> id, long durable)
    {
        var hash = StableHash.Of(id);
        if (Find(id, hash) is { } known)
        {
            Use(known);
            return known;
        }

        if (Count >= capacity) LetGo(durable);
        var member = spare.TryPop(out var free) ? free : new CachedMember();
        member.Hash = hash;
        member.State.Reset(id);
        member.SnapshotCommit = 0;
        member.InStore = false;
        member.ScheduledDue = Member.Never;
        member.StoredWake = WakeQueue.NoRow;
        if (store.TryRead(id, out var stored))
        {
            member.State.Read(stored.State);
            member.SnapshotCommit = stored.Commit;
            member.StoredWake = stored.Wake;
            member.InStore = true;
        }

        byHash.TryGetValue(hash, out member.SameHash);
        byHash[hash] = member;
        Count++;
        AddNewest(member);
        return member;
    }

    /// <summary>The member if it is in memory, else null; does not count as a use.</summary>
    public CachedMember? Peek(ReadOnlySpan<byte> id) => Find(id, StableHash.Of(id));

    /// <summary>Marks a member changed by a commit.</summary>
    public void MarkDirty(CachedMember member, long commit, long now)
    {
        if (member.DirtySince != 0) return;
        member.DirtySince = commit;
        member.DirtyAt = now;
        member.DirtyBefore = lastDirty;
        member.DirtyAfter = null;
        if (lastDirty is null) firstDirty = member;
        else lastDirty.DirtyAfter = member;
        lastDirty = member;
        Dirty++;
    }

    /// <summary>Marks a member as contained, as of this commit, in a snapshot on its way to the store that asks for a look at <paramref name="wake"/>.</summary>
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
        member.InStore = false;
        Dirty--;
    }

    private CachedMember? Find(ReadOnlySpan<byte> id, ulong hash)
    {
        byHash.TryGetValue(hash, out var member);
        while (member is not null && !member.State.Id.Span.SequenceEqual(id)) member = member.SameHash;
        return member;
    }

    private void LetGo(long durable)
    {
        var looked = 0;
        for (var m = oldest; m is not null && looked++ < 64;)
        {
            var newer = m.Newer;
            if (m.DirtySince == 0 && (m.InStore || m.SnapshotCommit <= durable))
            {
                Remove(m);
                spare.Push(m);
                if (Count < capacity) return;
            }
            else
            {
                Use(m); // still needed: look at others first next time
            }

            m = newer;
        }
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
        Unlink(member);
        Count--;
    }

    private void Use(CachedMember member)
    {
        if (ReferenceEquals(member, newest)) return;
        Unlink(member);
        AddNewest(member);
    }

    private void AddNewest(CachedMember member)
    {
        member.Older = newest;
        member.Newer = null;
        if (newest is null) oldest = member;
        else newest.Newer = member;
        newest = member;
    }

    private void Unlink(CachedMember member)
    {
        if (member.Older is null) oldest = member.Newer;
        else member.Older.Newer = member.Newer;
        if (member.Newer is null) newest = member.Older;
        else member.Newer.Older = member.Older;
    }
}
