using System.Runtime.InteropServices;
using Streaming.Members.Orders;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>What expired of the lots of days that a remembered order has points of, so that a refund does not take back points that are
/// gone. What is not here of a day whose lot has expired was spent.</summary>
internal struct ExpiredPoints
{
    private List<(int Day, long Points)>? days; // by day; null until the first
    private int unknownUpTo; // up to this day it is not remembered what expired and what was spent: all counts as expired; −1 for none

    private readonly ReadOnlySpan<(int Day, long Points)> Days => CollectionsMarshal.AsSpan(days);

    /// <summary>True when nothing of it need be in a snapshot.</summary>
    public readonly bool IsEmpty => unknownUpTo < 0 && Days.IsEmpty;

    /// <summary>Makes it empty.</summary>
    public void Clear()
    {
        days?.Clear();
        unknownUpTo = -1;
    }

    /// <summary>Remembers what expired of the lot of a day.</summary>
    public void Remember(in PointsLot lot)
    {
        days ??= [];
        if (days.Count == PointsState.MaxLots)
        {
            GiveUp(days[0].Day);
            days.RemoveAt(0);
        }

        days.Add((lot.Day, lot.Remaining));
    }

    /// <summary>Counts all points of the days up to this one as expired, because it is not known of them.</summary>
    public void GiveUp(int day) => unknownUpTo = Math.Max(unknownUpTo, day);

    /// <summary>Forgets days that no order has points of.</summary>
    public readonly void Forget(in OrdersState orders)
    {
        for (var i = Days.Length - 1; i >= 0; i--)
        {
            if (!orders.HasPointsOf(days![i].Day)) days.RemoveAt(i);
        }
    }

    /// <summary>How many of a day's points expired; they are counted once.</summary>
    /// <param name="day">A day whose lot has expired.</param>
    /// <param name="most">How many points are asked for.</param>
    public readonly long Take(int day, long most)
    {
        if (day <= unknownUpTo) return most;
        for (var i = 0; i < Days.Length; i++)
        {
            if (days![i].Day != day) continue;
            var taken = Math.Min(most, days[i].Points);
            if (taken < days[i].Points) days[i] = (day, days[i].Points - taken);
            else days.RemoveAt(i);
            return taken;
        }

        return 0;
    }

    /// <summary>Writes it into a snapshot: days as the distance to <paramref name="closedDay"/>.</summary>
    public readonly void Write(SnapshotWriter to, int closedDay)
    {
        to.Signed(unknownUpTo);
        to.Unsigned((ulong)Days.Length);
        foreach (var (day, points) in Days)
        {
            to.Signed(closedDay - day);
            to.Unsigned((ulong)points);
            closedDay = day;
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from, int closedDay)
    {
        Clear();
        unknownUpTo = (int)from.Signed();
        var length = from.Unsigned();
        if (length > PointsState.MaxLots) throw new SnapshotException("more days of expired points than there can be");
        for (var i = 0; i < (int)length; i++)
        {
            closedDay -= (int)from.Signed();
            (days ??= []).Add((closedDay, (long)from.Unsigned()));
        }
    }
}
