namespace Streaming.Members;

/// <summary>What a member remembers of one order: what was paid, what came back, and what it
/// earned. Amounts in ten-thousandths of <see cref="Currency"/>.</summary>
public struct Order
{
    /// <summary><see cref="Held"/> of a cancellation of all that was paid before it.</summary>
    public const long All = long.MaxValue;

    /// <summary>Hash of the order's id.</summary>
    public ulong Key;

    /// <summary>The currency of its first payment that was not 0 (<see cref="Currencies.Code(ReadOnlySpan{byte})"/>);
    /// before one, that of the latest event.</summary>
    public int Currency;

    /// <summary>All payments, and all that came back: never more than was paid.</summary>
    public long Paid, Returned;

    /// <summary>What came back beyond what had been paid, waiting for payments made before
    /// <see cref="HeldAt"/>; <see cref="All"/> for a cancellation.</summary>
    public long Held, HeldAt;

    /// <summary>Time of the latest payment, 0 before one, and of the latest event, epoch milliseconds.</summary>
    public long PaidAt, Last;

    /// <summary>Points and growth value that it has earned and that were not taken back.</summary>
    public long Points, Growth;

    /// <summary>Local day of the latest lot that points of it went to.</summary>
    public int Day;

    /// <summary>Those of <see cref="Points"/> that went to lots of earlier days: an order may be paid on several.</summary>
    public long Earlier;

    /// <summary>The first of those days: by it they expire for the order.</summary>
    public int EarlierDay;

    /// <summary>What it earns.</summary>
    public OrderTerms Terms;

    /// <summary>How often all of it came back: a payment after that is a new one, though
    /// amount and time are those of an earlier one.</summary>
    public int Returns;

    /// <summary>How many hashes are kept of it: one for each event, and one more for each payment unless it is alone.</summary>
    public int Marks;

    /// <summary>What stays.</summary>
    public readonly long Net => Paid - Returned;

    /// <summary>Adds points that went to the lot of a day.</summary>
    internal void Earn(long points, int day)
    {
        if (Points == 0) Day = day;
        if (points == 0) return;
        if (Points == 0 || day == Day)
        {
            Points += points;
            return;
        }

        var latest = Points - Earlier;
        var (moved, movedDay) = day > Day ? (latest, Day) : (points, day);
        if (moved > 0) EarlierDay = Earlier == 0 ? movedDay : Math.Min(EarlierDay, movedDay);
        Earlier += moved;
        Points += points;
        Day = Math.Max(Day, day);
    }

    /// <summary>Takes points off, the latest first.</summary>
    /// <param name="points">How many; no more than there are.</param>
    /// <param name="closedDay">Lots of days up to here have expired.</param>
    /// <returns>Those of them that have not expired.</returns>
    internal long TakeBack(long points, int closedDay)
    {
        var latest = Math.Min(points, Points - Earlier);
        var earlier = points - latest;
        var there = (Day > closedDay ? latest : 0) + (earlier > 0 && EarlierDay > closedDay ? earlier : 0);
        Points -= points;
        Earlier -= earlier;
        if (Earlier == 0) EarlierDay = 0;
        return there;
    }

    /// <summary>True once it was paid for, until all came back.</summary>
    public readonly bool Stands => PaidAt != 0 && (Net > 0 || Returned == 0);
}

/// <summary>What an event's capabilities must know of the order as it was before that event.</summary>
/// <param name="Paid">All payments.</param>
/// <param name="Net">What stayed of them.</param>
/// <param name="Stands">Whether it stood.</param>
internal readonly record struct OrderBefore(long Paid, long Net, bool Stands);
