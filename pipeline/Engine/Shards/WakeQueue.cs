using System.Text;
using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Members;

namespace Streaming.Engine.Shards;

/// <summary>The next wakes of one shard. Only a horizon of them is in memory; the rest are rows in the store, read page by page.</summary>
/// <remarks>
/// An entry may be earlier than the due time (the member is then looked at and scheduled again), never later: whatever the store held when
/// a page was read is here,
/// and whatever changed since is in the cache and was scheduled when it changed or when the horizon moved over it. A row may ask for a look
/// long before its member is due: events mostly make a member due later, and moving its row in the store's index every time would cost more
/// than the snapshot (docs/decisions/0004). <see cref="Standing"/> says when a row may stay, <see cref="Outdated"/> when it must not.
/// </remarks>
/// <param name="page">Wakes read from the store at once.</param>
internal sealed class WakeQueue(IMemberReader store, MemberCache cache, MemberShare share, int page = 10_000)
{
    /// <summary>The stored wake of a member without a row.</summary>
    public const long NoRow = long.MinValue;

    private const long Ahead = 6 * 3_600_000;
    private readonly PriorityQueue<byte[], long> queue = new();
    private long horizon = long.MinValue;
    private byte[] horizonId = [];

    /// <summary>When to look next, epoch milliseconds: the earliest entry, or the end of what is known.</summary>
    public long Next => queue.TryPeek(out _, out var due) ? Math.Min(due, horizon) : horizon;

    /// <summary>Schedules a member whose due time changed.</summary>
    public void Schedule(CachedMember member)
    {
        var due = member.State.Due;
        if (due > horizon || due >= member.ScheduledDue) return;
        member.ScheduledDue = due;
        queue.Enqueue(member.State.Id.Span.ToArray(), due);
    }

    /// <summary>True when the member's row may stay: its wake is not after the due time, and the horizon has not passed it.</summary>
    public bool Standing(CachedMember member) => member.StoredWake > horizon && member.StoredWake <= member.State.Due;

    /// <summary>True when nothing would wake the member once it is evicted: the horizon
    /// has passed its row, and its due time lies beyond.</summary>
    public bool Outdated(CachedMember member) => member.StoredWake <= horizon && member.State.Due > horizon;

    /// <summary>Takes the earliest wake due by <paramref name="proven"/>; false when there is none.</summary>
    public bool TryTake(long proven, out byte[] id)
    {
        while (horizon <= proven) MoveHorizon(proven); // a page may end between members that are due at the same moment
        if (queue.TryPeek(out id!, out var due) && due <= proven)
        {
            queue.Dequeue();
            if (cache.Peek(id) is { } member) member.ScheduledDue = Member.Never;
            return true;
        }

        id = [];
        return false;
    }

    private void MoveHorizon(long proven)
    {
        var from = horizon;
        var rows = store.WakesAfter(horizon, horizonId, proven + Ahead, page);
        if (rows.Count == page)
        {
            horizon = rows[^1].At;
            horizonId = rows[^1].Id;
        }
        else
        {
            horizon = proven + Ahead;
            horizonId = Last;
        }

        foreach (var row in rows)
        {
            if (share.Holds(row.Id) && cache.Peek(row.Id) is null) queue.Enqueue(row.Id, row.At);
        }

        foreach (var member in cache.All)
        {
            // The horizon has just passed the row's wake, which may be in no page read so far: an entry here wakes the member, and its row
            // is written anew.
            if (member.StoredWake > from && Outdated(member)) queue.Enqueue(member.State.Id.Span.ToArray(), member.StoredWake);
            if (member.State.Due >= from) Schedule(member);
        }
    }

    /// <summary>Sorts after every member id.</summary>
    private static readonly byte[] Last = Encoding.Latin1.GetBytes(new string('\xFF', Member.MaxIdBytes + 1));
}
