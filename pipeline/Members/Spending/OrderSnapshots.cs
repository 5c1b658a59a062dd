using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>How orders stand in a snapshot: about 34 bytes for a member's first, about 27 for each further one that was paid once. Each is
/// told by what differs from the one before.</summary>
internal static class OrderSnapshots
{
    // Of the byte before each order: what follows.
    private const byte SameTerms = 1; // currency and terms are those of the order before
    private const byte SameGrowth = 2; // as many as points
    private const byte Touched = 4; // an event after the latest payment
    private const byte HasReturned = 8;
    private const byte HasHeld = 16;
    private const byte OneEvent = 32;
    private const byte SameDay = 64; // its points went to the day of UTC of the payment
    private const byte HasEarlier = 128; // some of them to earlier ones

    /// <summary>Writes the orders; times are told from the member's <see cref="Member.LastSeen"/>.</summary>
    public static void Write(in OrdersState state, SnapshotWriter to, long lastSeen)
    {
        to.Unsigned((ulong)state.Count);
        to.Signed(state.Forgotten);
        var before = new Order { PaidAt = lastSeen };
        for (var i = 0; i < state.Count; i++)
        {
            ref readonly var order = ref state[i];
            Write(order, before, to);
            before = order;
        }

        to.Fixed(state.Marks);
    }

    /// <summary>Reads what <see cref="Write(in OrdersState, SnapshotWriter, long)"/> wrote.</summary>
    public static void Read(ref OrdersState state, ref SnapshotReader from, long lastSeen)
    {
        state.Clear();
        var count = from.Unsigned();
        if (count > OrdersState.MaxOrders) throw new SnapshotException("more orders than this version keeps");
        state.Forgotten = from.Signed();
        var before = new Order { PaidAt = lastSeen };
        var marks = 0;
        for (var i = 0; i < (int)count; i++)
        {
            before = Read(before, ref from);
            marks += before.Marks;
            if (before.Marks > OrdersState.MaxMarksOfOrder || marks > OrdersState.MaxMarks)
                throw new SnapshotException("more events of orders than this version keeps");
            state.Append(before);
        }

        state.ReadMarks(ref from, marks);
    }

    private static void Write(in Order order, in Order before, SnapshotWriter to)
    {
        var flags = (byte)((order.Currency == before.Currency && order.Terms == before.Terms ? SameTerms : 0)
            | (order.Growth == order.Points ? SameGrowth : 0)
            | (order.Last != order.PaidAt ? Touched : 0)
            | (order.Returned != 0 || order.Returns != 0 ? HasReturned : 0)
            | (order.Held != 0 ? HasHeld : 0)
            | (order.Marks == 1 ? OneEvent : 0)
            | (order.Day == Time.DayOf(order.PaidAt) ? SameDay : 0)
            | (order.Earlier != 0 ? HasEarlier : 0));
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

        if ((flags & HasHeld) != 0)
        {
            to.Unsigned((ulong)(order.Held == Order.All ? 0 : order.Held));
            to.Signed(order.HeldAt - order.Last);
        }

        if ((flags & HasEarlier) != 0)
        {
            to.Unsigned((ulong)order.Earlier);
            to.Signed(order.Day - order.EarlierDay);
        }

        if ((flags & OneEvent) == 0) to.Unsigned((ulong)order.Marks);
    }

    private static Order Read(in Order before, ref SnapshotReader from)
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

        if ((flags & HasHeld) != 0)
        {
            var held = (long)from.Unsigned();
            order.Held = held == 0 ? Order.All : held;
            order.HeldAt = order.Last + from.Signed();
        }

        if ((flags & HasEarlier) != 0)
        {
            order.Earlier = (long)from.Unsigned();
            order.EarlierDay = order.Day - (int)from.Signed();
            if (order.Earlier > order.Points) throw new SnapshotException("more of an order's points on some days than on all");
        }

        order.Marks = (flags & OneEvent) != 0 ? 1 : (int)Math.Min(from.Unsigned(), int.MaxValue);
        return order;
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
