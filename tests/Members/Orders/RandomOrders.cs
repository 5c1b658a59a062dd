using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Events;

namespace Streaming.Members.Tests;

/// <summary>One event about money or points in a random history.</summary>
/// <param name="Kind">Kind of the event.</param>
/// <param name="Order">Which order, or which request.</param>
/// <param name="Cents">Amount in hundredths, or points; 0 for a cancellation of all.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="At">When it happened.</param>
/// <param name="Now">When it is read.</param>
/// <param name="Id">Its id.</param>
internal sealed record OrderEvent(EventKind Kind, int Order, int Cents, string Currency, long At, long Now, int Id)
{
    public Verdict Feed(MemberTimeline life) => life.Apply(Event(life), Now);

    public MemberEvent Event(MemberTimeline life) => life.NewEvent(At, Kind, e =>
    {
        if (Kind == EventKind.Redeem) MemberTimeline.Redeem(Cents / 100, $"q-{Order}")(e);
        else MemberTimeline.Of($"o-{Order}", Cents / 100m, Currency)(e);
    }, $"d-{Id}");
}

/// <summary>Generators of lives with few orders and much that happens to each: within a year, so that no points expire.</summary>
internal static class RandomOrders
{
    private static readonly EventKind[] Kinds = [EventKind.Paid, EventKind.Paid, EventKind.Paid, EventKind.Refunded, EventKind.Refunded,
        EventKind.Cancelled, EventKind.Redeem];

    /// <summary>Late ones, repeated ones, other currencies.</summary>
    public static Arbitrary<OrderEvent[]> Any { get; } = Make(disorder: true);

    /// <summary>Each at its time, each id once, an order in one currency.</summary>
    public static Arbitrary<OrderEvent[]> InOrder { get; } = Make(disorder: false);

    private static Arbitrary<OrderEvent[]> Make(bool disorder) => (
        from kind in Gen.Elements(Kinds)
        from order in Gen.Choose(0, 5)
        from cents in Gen.Frequency((6, Gen.Choose(1, 30_000)), (2, Gen.Choose(0, 200)), (1, Gen.Constant(10_000)))
        from gap in Gen.Frequency((3, Gen.Constant(0)), (5, Gen.Choose(1, 2_000)), (2, Gen.Choose(1, 80_000_000)))
        from late in disorder ? Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 200_000_000))) : Gen.Constant(0)
        from id in Gen.Choose(0, 40)
        from odd in disorder ? Gen.Choose(0, 9) : Gen.Constant(9)
        select (kind, order, cents, gap, late, id, odd)).ListOf().Select(steps => Ordered(steps, disorder)).ToArbitrary();

    private static OrderEvent[] Ordered(IEnumerable<(EventKind Kind, int Order, int Cents, int Gap, int Late, int Id, int Odd)> steps,
        bool disorder)
    {
        var now = MemberTimeline.Start;
        return [.. steps.Select((s, i) =>
        {
            now += s.Gap;
            var cents = s.Kind == EventKind.Cancelled ? s.Cents % 3 * s.Cents : s.Kind == EventKind.Redeem ? s.Cents + 100 : s.Cents;
            var currency = s.Odd == 0 ? "XTS" : (s.Order % 3) switch { 0 => "EUR", 1 => "CNY", _ => "JPY" };
            return new OrderEvent(s.Kind, s.Order, cents, currency, now - s.Late, now, disorder ? s.Id : i);
        })];
    }
}
