namespace Streaming.Members.Orders;

/// <summary>Points of an order that went to the lot of a day before its latest (<see cref="Order.Day"/>).</summary>
/// <param name="Order">The order's <see cref="Orders.Order.Key"/>.</param>
/// <param name="Day">Local day of the lot, days since 1970-01-01.</param>
/// <param name="Points">Those not taken back, above 0.</param>
public readonly record struct OrderDay(ulong Order, int Day, long Points);

/// <summary>Of orders that were paid on several days, the points of all days but the latest: each part expires with its own day.</summary>
public struct OrderDays
{
    private OrderDay[] items;

    /// <summary>How many parts.</summary>
    public int Count { get; private set; }

    /// <summary>All of them, by day.</summary>
    public readonly ReadOnlySpan<OrderDay> All => items.AsSpan(0, Count);

    /// <summary>Makes it empty.</summary>
    internal void Clear()
    {
        items ??= [];
        Count = 0;
    }

    /// <summary>Adds points to the part of a day.</summary>
    internal void Add(ulong order, int day, long points)
    {
        for (var i = 0; i < Count; i++)
        {
            if (items[i].Order != order || items[i].Day != day) continue;
            items[i] = items[i] with { Points = items[i].Points + points };
            return;
        }

        if (Count == items.Length) Array.Resize(ref items, Math.Max(4, Count * 2));
        var at = Count;
        while (at > 0 && items[at - 1].Day > day) at--;
        Array.Copy(items, at, items, at + 1, Count - at);
        items[at] = new OrderDay(order, day, points);
        Count++;
    }

    /// <summary>The points of an order's earlier days together.</summary>
    internal readonly long Of(ulong order)
    {
        long points = 0;
        foreach (ref readonly var part in All)
        {
            if (part.Order == order) points += part.Points;
        }

        return points;
    }

    /// <summary>True when an order has points of that day here.</summary>
    internal readonly bool Has(int day)
    {
        foreach (ref readonly var part in All)
        {
            if (part.Day == day) return true;
        }

        return false;
    }

    /// <summary>Takes points off the latest of an order's earlier days.</summary>
    /// <param name="order">The order.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="day">The day.</param>
    /// <returns>How many; 0 when there are none.</returns>
    internal long Take(ulong order, long most, out int day)
    {
        day = 0;
        for (var i = Count - 1; i >= 0; i--)
        {
            if (items[i].Order != order) continue;
            day = items[i].Day;
            var taken = Math.Min(most, items[i].Points);
            if (taken < items[i].Points) items[i] = items[i] with { Points = items[i].Points - taken };
            else Array.Copy(items, i + 1, items, i, --Count - i);
            return taken;
        }

        return 0;
    }

    /// <summary>Removes what is kept of an order.</summary>
    internal void Remove(ulong order)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (items[i].Order != order) items[kept++] = items[i];
        }

        Count = kept;
    }
}
