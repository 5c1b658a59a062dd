using Streaming.Members.Amounts;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Orders;

/// <summary>The encoding of orders in a snapshot: about 34 bytes for a member's first, about 27 for each further one that was paid once.
/// Each is
/// told by what differs from the one before. Of an order with further payments or returns each of these takes about 8, beside its
/// hashes.</summary>
internal static class OrderSnapshots
{
    // Of the byte before each order: what follows.
    private const byte SameTerms = 1; // currency and terms are those of the order before
    private const byte SameGrowth = 2; // as many as points
    private const byte Touched = 4; // an event after the latest payment
    private const byte HasReturned = 8;
    private const byte HasHeld = 16; // format 3: what came back beyond what was paid, and until when it waits for payments
    private const byte OneEvent = 32;
    private const byte SameDay = 64; // its points went to the day of UTC of the payment
    private const byte HasEarlier = 128; // format 3: some of them to earlier ones

    /// <summary>Writes the orders; times are told from the member's <see cref="Member.LastSeen"/>.</summary>
    public static void Write(in OrdersState state, SnapshotWriter to, long lastSeen)
    {
        var several = state.Movements.Count > 0 || state.Days.Count > 0;
        to.Unsigned(((ulong)state.Count << 1) | (several ? 1UL : 0));
        to.Signed(state.Forgotten);
        var before = new Order { PaidAt = lastSeen };
        for (var i = 0; i < state.Count; i++)
        {
            ref readonly var order = ref state[i];
            Write(order, before, to);
            before = order;
        }

        to.Fixed(state.Marks);
        if (!several) return;
        WriteMovements(state, to, lastSeen);
        WriteDays(state, to, lastSeen);
    }

    /// <summary>Reads what <see cref="Write(in OrdersState, SnapshotWriter, long)"/> wrote.</summary>
    public static void Read(ref OrdersState state, ref SnapshotReader from, long lastSeen)
    {
        state.Clear();
        var count = from.Unsigned();
        var several = from.Format >= Member.FormatWithMovements && (count & 1) != 0;
        if (from.Format >= Member.FormatWithMovements) count >>= 1;
        if (count > OrdersState.MaxOrders) throw new SnapshotException("more orders than this version keeps");
        state.Forgotten = from.Signed();
        var before = new Order { PaidAt = lastSeen };
        var marks = 0;
        for (var i = 0; i < (int)count; i++)
        {
            before = Read(before, ref from, ref state);
            marks += before.Marks;
            if (before.Marks > OrdersState.MaxMarksOfOrder || marks > OrdersState.MaxMarks)
                throw new SnapshotException("more events of orders than this version keeps");
            state.Append(before);
        }

        state.ReadMarks(ref from, marks);
        if (!several) return;
        ReadMovements(ref state, ref from, lastSeen);
        ReadDays(ref state, ref from, lastSeen);
    }

    private static void WriteMovements(in OrdersState state, SnapshotWriter to, long lastSeen)
    {
        to.Unsigned((ulong)state.Movements.Count);
        foreach (ref readonly var movement in state.Movements.All)
        {
            to.Unsigned((ulong)state.Find(movement.Order));
            to.Signed(lastSeen - movement.At);
            to.Signed(movement.Amount == Movement.Rest ? 0 : movement.Amount);
            lastSeen = movement.At;
        }
    }

    private static void ReadMovements(ref OrdersState state, ref SnapshotReader from, long lastSeen)
    {
        var count = from.Unsigned();
        if (count > 2 * OrdersState.MaxMarks) throw new SnapshotException("more payments and returns than this version keeps");
        for (var i = 0; i < (int)count; i++)
        {
            var order = ReadOrder(state, ref from);
            lastSeen -= from.Signed();
            var amount = from.Signed();
            state.Movements.Add(new Movement(order, lastSeen, amount == 0 ? Movement.Rest : amount));
        }
    }

    private static void WriteDays(in OrdersState state, SnapshotWriter to, long lastSeen)
    {
        to.Unsigned((ulong)state.Days.Count);
        var day = Time.DayOf(lastSeen);
        foreach (ref readonly var part in state.Days.All)
        {
            to.Unsigned((ulong)state.Find(part.Order));
            to.Signed(day - part.Day);
            to.Unsigned((ulong)part.Points);
            day = part.Day;
        }
    }

    private static void ReadDays(ref OrdersState state, ref SnapshotReader from, long lastSeen)
    {
        var count = from.Unsigned();
        if (count > OrdersState.MaxMarks) throw new SnapshotException("more days of orders than this version keeps");
        var day = Time.DayOf(lastSeen);
        for (var i = 0; i < (int)count; i++)
        {
            var order = ReadOrder(state, ref from);
            day -= (int)from.Signed();
            state.Days.Add(order, day, (long)from.Unsigned());
        }
    }

    private static ulong ReadOrder(in OrdersState state, ref SnapshotReader from)
    {
        var order = from.Unsigned();
        if (order >= (ulong)state.Count) throw new SnapshotException("money of an order that is not there");
        return state[(int)order].Key;
    }

    private static void Write(in Order order, in Order before, SnapshotWriter to)
    {
        var flags = (byte)((order.Currency == before.Currency && order.Terms == before.Terms ? SameTerms : 0)
            | (order.Growth == order.Points ? SameGrowth : 0)
            | (order.Last != order.PaidAt ? Touched : 0)
            | (order.Returned != 0 || order.Returns != 0 ? HasReturned : 0)
            | (order.Marks == 1 ? OneEvent : 0)
            | (order.Day == Time.DayOf(order.PaidAt) ? SameDay : 0));
        to.Byte(flags);
        to.Fixed(order.Key);
        to.Signed(before.PaidAt - order.PaidAt);
        to.Unsigned((ulong)order.Paid);
        to.Unsigned((ulong)order.Points);
        if ((flags & SameDay) == 0) to.Signed(order.Day - Time.DayOf(order.PaidAt));
        if ((flags & SameTerms) == 0) WriteTerms(order, to);
        if ((flags & SameGrowth) == 0) to.Unsigned((ulong)order.Growth);
        if ((flags & Touched) != 0) to.Signed(order.Last - order.PaidAt);
        if ((flags & HasReturned) != 0)
        {
            to.Unsigned((ulong)order.Returned);
            to.Unsigned((ulong)order.Returns);
        }

        if ((flags & OneEvent) == 0) to.Unsigned((ulong)order.Marks);
    }

    private static Order Read(in Order before, ref SnapshotReader from, ref OrdersState state)
    {
        var flags = from.Byte();
        var order = new Order
        {
            Key = from.Fixed(),
            PaidAt = before.PaidAt - from.Signed(),
            Paid = (long)from.Unsigned(),
            Points = (long)from.Unsigned(),
            Currency = before.Currency,
            Terms = before.Terms,
        };
        order.Day = Time.DayOf(order.PaidAt) + ((flags & SameDay) != 0 ? 0 : (int)from.Signed());
        if ((flags & SameTerms) == 0) ReadTerms(ref order, ref from);
        order.Growth = (flags & SameGrowth) != 0 ? order.Points : (long)from.Unsigned();
        order.Last = order.PaidAt + ((flags & Touched) != 0 ? from.Signed() : 0);
        if ((flags & HasReturned) != 0)
        {
            order.Returned = (long)from.Unsigned();
            order.Returns = (int)from.Unsigned();
        }

        if ((flags & HasHeld) != 0) ReadHeld(order, ref from, ref state);
        if ((flags & HasEarlier) != 0)
        {
            var earlier = (long)from.Unsigned();
            if (earlier > order.Points) throw new SnapshotException("more of an order's points on some days than on all");
            state.Days.Add(order.Key, order.Day - (int)from.Signed(), earlier);
        }

        order.Marks = (flags & OneEvent) != 0 ? 1 : (int)Math.Min(from.Unsigned(), int.MaxValue);
        return order;
    }

    // A return that format 3 held back is placed before the payments known then, so that it is matched only with a payment made before it.
    private static void ReadHeld(in Order order, ref SnapshotReader from, ref OrdersState state)
    {
        var held = (long)from.Unsigned();
        var heldAt = order.Last + from.Signed();
        state.Movements.Add(new Movement(order.Key, heldAt, held == 0 ? Movement.Rest : -held));
        if (order.Net > 0) state.Movements.Add(new Movement(order.Key, Math.Max(heldAt, order.PaidAt), order.Net));
    }

    private static void WriteTerms(in Order order, SnapshotWriter to)
    {
        to.Unsigned((ulong)order.Currency);
        to.Unsigned((ulong)order.Terms.Rate);
        if (!order.Terms.Known) return;
        // Mostly growth value is as much as points, and the minimum one unit.
        to.Unsigned((ulong)order.Terms.PointsPerUnit);
        to.Signed(order.Terms.GrowthPerUnit - order.Terms.PointsPerUnit);
        to.Signed(order.Terms.Minimum - Currencies.Unit);
    }

    private static void ReadTerms(ref Order order, ref SnapshotReader from)
    {
        order.Currency = (int)from.Unsigned();
        var rate = (long)from.Unsigned();
        if (rate == 0)
        {
            order.Terms = default;
            return;
        }

        var perUnit = (long)from.Unsigned();
        order.Terms = new OrderTerms(perUnit, perUnit + from.Signed(), Currencies.Unit + from.Signed(), rate);
    }
}
