using System.Text;
using Streaming.Members;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Hosting;

/// <summary>The next wakes of one shard. Only a horizon of them is in memory; the rest are rows in the store, read page by page.</summary>
/// <remarks>
/// An entry may be early (the member looks again and is scheduled anew), never late: whatever the store held when a page was read is
/// here, and whatever changed since is in the cache and was scheduled when it changed or when the horizon moved over it.
/// </remarks>
/// <param name="page">Wakes read from the store at once.</param>
internal sealed class WakeQueue(IMemberReader store, MemberCache cache, Func<byte[], bool> mine, int page = 10_000)
{
    private const long Ahead = 3_600_000;
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

    /// <summary>Takes the earliest wake due by <paramref name="proven"/>; false when there is none.</summary>
    public bool TryTake(long proven, out byte[] id)
    {
        while (horizon <= proven) MoveHorizon(proven); // a page may end in the midst of those due at this very moment
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
        var rows = store.DueAfter(horizon, horizonId, proven + Ahead, page);
        if (rows.Count == page)
        {
            horizon = rows[^1].Due;
            horizonId = rows[^1].Id;
        }
        else
        {
            horizon = proven + Ahead;
            horizonId = Last;
        }

        foreach (var row in rows)
        {
            if (mine(row.Id) && cache.Peek(row.Id) is null) queue.Enqueue(row.Id, row.Due);
        }

        foreach (var member in cache.All())
        {
            if (member.State.Due >= from) Schedule(member);
        }
    }

    /// <summary>Sorts after every member id.</summary>
    private static readonly byte[] Last = Encoding.Latin1.GetBytes(new string('\xFF', Member.MaxIdLength + 1));
}
