using Streaming.Members.Amounts;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Orders;

/// <summary>What a member keeps for money spent: counts, and the net sum in each of a few currencies.</summary>
public struct SpendingState
{
    /// <summary>The most currencies a member keeps sums of; a payment in one more is refused.</summary>
    public const int MaxCurrencies = 8;

    private const byte Told = 0x80; // in a snapshot, beside the count: the byte of those told of follows

    private (int Currency, long Net) first; // most members use one currency, or none
    private (int Currency, long Net)[]? further;
    private int used;
    private byte told; // bit n: points-withheld was told for the currency at n

    /// <summary>Payments, refunds and cancellations.</summary>
    public long Paid, Refunded, Cancelled;

    /// <summary>How many currencies have a sum.</summary>
    public readonly int Count => used;

    /// <summary>A sum: what was paid less what came back, in ten-thousandths; never below zero.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1, in the order of first use.</param>
    public readonly (int Currency, long Net) this[int index] => index == 0 ? first : further![index - 1];

    /// <summary>True when a sum of that currency is kept or can be.</summary>
    /// <param name="currency">Its <see cref="Currencies.Code(ReadOnlySpan{byte})"/>.</param>
    internal readonly bool Takes(int currency) => used < MaxCurrencies || Find(currency) < used;

    /// <summary>Adds to a currency's sum.</summary>
    /// <param name="currency">Its code; one that it <see cref="Takes"/>.</param>
    /// <param name="amount">Ten-thousandths, negative for money given back: never more than
    /// was added. The sum stops at the ends of its range.</param>
    internal void Add(int currency, long amount)
    {
        var i = Find(currency);
        Set(i, currency, Math.Max(0, Sum(i < used ? this[i].Net : 0, amount)));
    }

    /// <summary>Remembers that <c>points-withheld</c> is told for a currency, which has a sum.</summary>
    /// <returns>False when it was told before.</returns>
    internal bool Tell(int currency)
    {
        var bit = (byte)(1 << Find(currency));
        if ((told & bit) != 0) return false;
        told |= bit;
        return true;
    }

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        Paid = Refunded = Cancelled = 0;
        used = 0;
        told = 0;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Signed(Paid);
        to.Signed(Refunded);
        to.Signed(Cancelled);
        to.Byte((byte)(used | (told != 0 ? Told : 0)));
        for (var i = 0; i < used; i++)
        {
            to.Signed(this[i].Currency);
            to.Signed(this[i].Net);
        }

        if (told != 0) to.Byte(told);
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Paid = from.Signed();
        Refunded = from.Signed();
        Cancelled = from.Signed();
        used = 0;
        told = 0;
        var head = from.Byte();
        var count = head & ~Told;
        if (count > MaxCurrencies) throw new SnapshotException("more currencies than this version keeps");
        for (var i = 0; i < count; i++) Set(i, (int)from.Signed(), from.Signed());
        if ((head & Told) != 0) told = from.Byte();
    }

    private readonly int Find(int currency)
    {
        var i = 0;
        while (i < used && this[i].Currency != currency) i++;
        return i;
    }

    private void Set(int index, int currency, long net)
    {
        used = Math.Max(used, index + 1);
        if (index == 0) first = (currency, net);
        else (further ??= new (int, long)[MaxCurrencies - 1])[index - 1] = (currency, net);
    }

    /// <summary>A sum that stops at the ends of its range.</summary>
    internal static long Sum(long a, long b)
    {
        var sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) >= 0 ? sum : a < 0 ? long.MinValue : long.MaxValue;
    }
}
