using Streaming.Members.Snapshots;

namespace Streaming.Members.Orders;

/// <summary>The orders a member remembers, in the order in which they became known, and a hash of each of their events.</summary>
/// <remarks>
/// An order is forgotten as a whole, and <see cref="Forgotten"/> says up to when: an event of an unknown order at or before that time may
/// have been applied already and is refused. So no event is applied twice, however many orders the member has.
/// </remarks>
public struct OrdersState
{
    /// <summary>The most orders. Beyond, the one whose latest event is oldest is forgotten.</summary>
    public const int MaxOrders = 1024;

    /// <summary>Orders kept whatever their age; of more, those older than the rules' window are forgotten when another comes.</summary>
    public const int KeptOrders = 64;

    /// <summary>The most hashes kept of one order: one for each event, two for a payment unless it is alone.</summary>
    public const int MaxMarksOfOrder = 128;

    /// <summary>The most hashes in all.</summary>
    public const int MaxMarks = 4096;

    /// <summary>The most hashes that one event adds.</summary>
    internal const int MarksOfEvent = 3;

    private Order[] orders;
    private ulong[] marks; // those of the first order, then those of the second ...
    private int marksUsed;

    /// <summary>How many orders are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Latest time of an event of an order that was forgotten, epoch milliseconds; 0 for none.</summary>
    public long Forgotten { get; internal set; }

    /// <summary>One of them, from 0 to <see cref="Count"/> − 1.</summary>
    public readonly ref Order this[int index] => ref orders[index];

    /// <summary>Payments and returns of orders that had several.</summary>
    public Movements Movements;

    /// <summary>Points of orders that were paid on several days.</summary>
    public OrderDays Days;

    /// <summary>The hashes, order by order.</summary>
    internal readonly ReadOnlySpan<ulong> Marks => marks.AsSpan(0, marksUsed);

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        orders ??= [];
        marks ??= [];
        Movements.Clear();
        Days.Clear();
        Count = marksUsed = 0;
        Forgotten = 0;
    }

    /// <summary>True when an event with that hash was applied.</summary>
    internal readonly bool Knows(ulong mark) => Marks.Contains(mark);

    /// <summary>Position of an order, or −1.</summary>
    public readonly int Find(ulong key)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (orders[i].Key == key) return i;
        }

        return -1;
    }

    /// <summary>Makes room for one more event of an order, and for the order if it is new.</summary>
    /// <param name="key">The order.</param>
    /// <param name="oldest">Orders without an event since then go first, epoch milliseconds.</param>
    /// <returns>Its position.</returns>
    internal int Take(ulong key, long oldest)
    {
        var at = Find(key);
        var before = Count;
        while (marksUsed + MarksOfEvent > MaxMarks) Forget(Oldest(key));
        if (at >= 0) return Count == before ? at : Find(key);
        while (Count == MaxOrders || (Count >= KeptOrders && orders[Oldest(key)].Last < oldest)) Forget(Oldest(key));
        return Append(new Order { Key = key });
    }

    /// <summary>True when points of an order went to the lot of that day.</summary>
    internal readonly bool HasPointsOf(int day)
    {
        for (var i = 0; i < Count; i++)
        {
            if (orders[i].Day == day && orders[i].Points > 0) return true;
        }

        return Days.Has(day);
    }

    /// <summary>Remembers an event of an order.</summary>
    internal void Mark(int order, ulong mark)
    {
        if (marksUsed == marks.Length) Array.Resize(ref marks, Math.Clamp(marksUsed * 2, 2, MaxMarks));
        var at = StartOf(order) + orders[order].Marks++;
        Array.Copy(marks, at, marks, at + 1, marksUsed - at);
        marks[at] = mark;
        marksUsed++;
    }

    /// <summary>Reads so many hashes: as many as the orders say.</summary>
    internal void ReadMarks(ref SnapshotReader from, int many)
    {
        if (marks.Length < many) Array.Resize(ref marks, many);
        marksUsed = many;
        from.Fixed(marks.AsSpan(0, many));
    }

    /// <summary>Adds an order; there must be room.</summary>
    internal int Append(in Order order)
    {
        if (Count == orders.Length) Array.Resize(ref orders, Math.Clamp(Count * 2, 1, MaxOrders));
        orders[Count] = order;
        return Count++;
    }

    private readonly int StartOf(int order)
    {
        var start = marksUsed;
        for (var i = Count - 1; i >= order; i--) start -= orders[i].Marks;
        return start;
    }

    // The position of the order without an event for longest, other than the one that is to stay.
    private readonly int Oldest(ulong but)
    {
        var oldest = -1;
        for (var i = 0; i < Count; i++)
        {
            if (orders[i].Key != but && (oldest < 0 || orders[i].Last < orders[oldest].Last)) oldest = i;
        }

        return oldest;
    }

    private void Forget(int order)
    {
        Forgotten = Math.Max(Forgotten, orders[order].Last);
        Movements.Remove(orders[order].Key);
        Days.Remove(orders[order].Key);
        var (start, many) = (StartOf(order), orders[order].Marks);
        marksUsed -= many;
        Array.Copy(marks, start + many, marks, start, marksUsed - start);
        Count--;
        Array.Copy(orders, order + 1, orders, order, Count - order);
    }
}
