using Streaming.Members.Amounts;

namespace Streaming.Members.Orders;

/// <summary>What a member remembers of one order: what was paid, what came back, and what it
/// earned. Amounts in ten-thousandths of <see cref="Currency"/>.</summary>
public struct Order
{
    /// <summary>Hash of the order's id.</summary>
    public ulong Key;

    /// <summary>The currency of its first payment that was not 0 (<see cref="Currencies.Code(ReadOnlySpan{byte})"/>);
    /// before one, that of the latest event.</summary>
    public int Currency;

    /// <summary>All payments, and all that came back: never more than was paid.</summary>
    public long Paid, Returned;

    /// <summary>Time of the latest payment, 0 before one, and of the latest event, epoch milliseconds.</summary>
    public long PaidAt, Last;

    /// <summary>Points and growth value that it has earned and that were not taken back.</summary>
    public long Points, Growth;

    /// <summary>Local day of the latest lot that points of it went to; those of earlier days are in
    /// <see cref="OrdersState.Days"/>.</summary>
    public int Day;

    /// <summary>What it earns.</summary>
    public OrderTerms Terms;

    /// <summary>How often all of it came back: a payment after that is a new one, though
    /// amount and time are those of an earlier one.</summary>
    public int Returns;

    /// <summary>How many hashes are kept of it: one for each event, and one more for each payment unless it is alone.</summary>
    public int Marks;

    /// <summary>What stays.</summary>
    public readonly long Net => Paid - Returned;

    /// <summary>True from its payment until all of it was returned.</summary>
    public readonly bool Stands => PaidAt != 0 && (Net > 0 || Returned == 0);
}

/// <summary>What an event's capabilities must know of the order as it was before that event.</summary>
/// <param name="Paid">All payments.</param>
/// <param name="Net">What stayed of them.</param>
/// <param name="Stands">Whether it stood.</param>
internal readonly record struct OrderBefore(long Paid, long Net, bool Stands);
