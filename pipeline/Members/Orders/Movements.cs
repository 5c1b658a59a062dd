namespace Streaming.Members.Orders;

/// <summary>The movements of orders that are more than one payment (further payments, refunds, cancellations), in the order of their times,
/// those of one millisecond in the order of their arrival.</summary>
/// <remarks>
/// They are what makes an order's money independent of the order in which its events are read: a late event is inserted by its time, and
/// the order is computed again. An order with a single payment has no movement; its own fields hold it.
/// </remarks>
public struct Movements
{
    private Movement[] items;

    /// <summary>How many there are; no more than twice as many as events of orders are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>All of them.</summary>
    public readonly ReadOnlySpan<Movement> All => items.AsSpan(0, Count);

    /// <summary>Makes it empty.</summary>
    internal void Clear()
    {
        items ??= [];
        Count = 0;
    }

    /// <summary>Adds one, behind those of its millisecond.</summary>
    internal void Add(in Movement movement)
    {
        if (Count == items.Length) Array.Resize(ref items, Math.Max(4, Count * 2));
        var at = Count;
        while (at > 0 && items[at - 1].At > movement.At) at--;
        Array.Copy(items, at, items, at + 1, Count - at);
        items[at] = movement;
        Count++;
    }

    /// <summary>True when an order has any.</summary>
    internal readonly bool Has(ulong order)
    {
        foreach (ref readonly var movement in All)
        {
            if (movement.Order == order) return true;
        }

        return false;
    }

    /// <summary>What stays of an order by its movements, and what was to come back beyond what was there at its time.</summary>
    internal readonly (long Net, long Surplus) Of(ulong order)
    {
        long net = 0, surplus = 0;
        foreach (ref readonly var movement in All)
        {
            if (movement.Order != order) continue;
            if (movement.Amount > 0)
            {
                net = SpendingState.Sum(net, movement.Amount);
                continue;
            }

            var back = movement.Amount == Movement.Rest ? net : Math.Min(net, -movement.Amount);
            net -= back;
            if (movement.Amount != Movement.Rest) surplus = SpendingState.Sum(surplus, -movement.Amount - back);
        }

        return (net, surplus);
    }

    /// <summary>Removes those of an order; of its returns with an amount alone, if asked so.</summary>
    internal void Remove(ulong order, bool refundsOnly = false)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (items[i].Order != order || (refundsOnly && items[i].Amount is >= 0 or Movement.Rest)) items[kept++] = items[i];
        }

        Count = kept;
    }
}
