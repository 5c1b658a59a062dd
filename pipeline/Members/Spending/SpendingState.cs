using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>What a member keeps for money spent: counts, and the net sum in each of a few currencies.</summary>
public sealed class SpendingState
{
    /// <summary>The most currencies a member keeps sums of; a purchase in one more is counted, its amount is not kept.</summary>
    public const int MaxCurrencies = 8;

    private (int Currency, long Net)[] sums = []; // most members use one currency, or none
    private int used;

    /// <summary>Purchases paid, refunds and cancellations.</summary>
    public long Paid, Refunded, Cancelled;

    /// <summary>How many currencies have a sum.</summary>
    public int Count => used;

    /// <summary>A sum: paid less refunded and cancelled, in ten-thousandths; may be below zero when a refund came without its purchase.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1, in the order of first use.</param>
    public (int Currency, long Net) this[int index] => sums[index];

    /// <summary>Adds to a currency's sum.</summary>
    /// <param name="currency">Its <see cref="Spending.Code"/>.</param>
    /// <param name="amount">Ten-thousandths, negative for money given back. The sum stops at the ends of its range.</param>
    internal void Add(int currency, long amount)
    {
        var i = 0;
        while (i < used && sums[i].Currency != currency) i++;
        if (i == used)
        {
            if (used == MaxCurrencies) return;
            Room(++used);
            sums[i] = (currency, 0);
        }

        sums[i].Net = (long)Int128.Clamp((Int128)sums[i].Net + amount, long.MinValue, long.MaxValue);
    }

    /// <summary>Makes it the state of a member nobody has heard of.</summary>
    public void Clear()
    {
        Paid = Refunded = Cancelled = 0;
        used = 0;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public void Write(SnapshotWriter to)
    {
        to.Signed(Paid);
        to.Signed(Refunded);
        to.Signed(Cancelled);
        to.Byte((byte)used);
        for (var i = 0; i < used; i++)
        {
            to.Signed(sums[i].Currency);
            to.Signed(sums[i].Net);
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Paid = from.Signed();
        Refunded = from.Signed();
        Cancelled = from.Signed();
        used = from.Byte();
        if (used > MaxCurrencies) throw new SnapshotException("more currencies than this version keeps");
        Room(used);
        for (var i = 0; i < used; i++) sums[i] = ((int)from.Signed(), from.Signed());
    }

    private void Room(int needed)
    {
        if (sums.Length < needed) Array.Resize(ref sums, needed);
    }
}
