using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Orders;
using Streaming.Members.Rules;

namespace Streaming.Members.Tests;

/// <summary>What holds of money and points whatever happens to orders: paid in parts,
/// given back, cancelled, late, repeated, out of order.</summary>
public class OrderLaws
{
    [Fact]
    public void Refunds_never_exceed_payments_and_sums_equal_those_of_the_orders() => Always((life, _) =>
    {
        var sums = new Dictionary<int, long>();
        foreach (var order in Orders(life))
        {
            Assert.InRange(order.Returned, 0, order.Paid);
            if (order.PaidAt != 0) sums[order.Currency] = sums.GetValueOrDefault(order.Currency) + order.Net;
        }

        for (var i = 0; i < life.Member.Spending.Count; i++)
            Assert.Equal(sums.GetValueOrDefault(life.Member.Spending[i].Currency), life.Member.Spending[i].Net);
    });

    [Fact]
    public void Points_and_growth_of_an_order_follow_from_its_remaining_amount() => Always((life, _) =>
    {
        foreach (var order in Orders(life))
            Assert.Equal((order.Terms.Points(order.Net), order.Terms.Growth(order.Net)), (order.Points, order.Growth));
        Assert.Equal(Orders(life).Sum(order => order.Growth), life.Member.Growth.Growth);
    });

    [Fact]
    public void Balance_less_what_is_owed_is_the_sum_of_the_ledger_and_every_entry_says_so() => Always((life, told) =>
    {
        var points = life.Member.Points;
        Assert.True(points.Balance >= 0 && points.Owed >= 0 && (points.Owed == 0 || points.Balance == 0));
        long sum = 0;
        foreach (var entry in life.Effects.Where(e =>
            e.Kind.Stream() == Effects.Stream.Rewards && e.Kind is not (EffectKind.BadgeEarned or EffectKind.StreakReached)))
        {
            Assert.Equal(sum += entry.Points, entry.Value);
        }

        Assert.Equal(sum, points.Balance - points.Owed);
        Assert.Equal(points.Balance, points.Lots.ToArray().Sum(lot => lot.Remaining));
    });

    [Fact]
    public void Points_given_less_points_taken_and_spent_equal_the_balance() => Always((life, _) =>
    {
        long Of(EffectKind kind) => life.Of(kind).Sum(e => e.Points);
        Assert.True(Of(EffectKind.PointsEarned) + Of(EffectKind.PointsReversed) >= 0);
        Assert.Equal(Orders(life).Sum(order => order.Points), Of(EffectKind.PointsEarned) + Of(EffectKind.PointsReversed));
        Assert.All(life.Of(EffectKind.PointsSpent), e => Assert.True(e.Value >= 0));
        Assert.Equal(life.Effects.Count, life.Effects.Select(e => e.Id).Distinct().Count());
    });

    [Fact]
    public void Events_in_order_give_the_results_of_a_naive_ledger() => Prop.ForAll(RandomOrders.InOrder, deals =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        var net = new Dictionary<int, long>();
        var requests = new HashSet<int>();
        long spent = 0;
        foreach (var deal in deals)
        {
            // A payment of that order, amount and time may be one that is told again: examples say what becomes of it.
            if (deal.Kind == EventKind.Paid && deals.Take(deal.Id).Any(d =>
                (d.Kind, d.Order, d.Cents, d.At) == (deal.Kind, deal.Order, deal.Cents, deal.At)))
                continue;
            var left = net.GetValueOrDefault(deal.Order);
            var amount = deal.Cents * 100L;
            var surplus = false;
            if (deal.Kind == EventKind.Paid) net[deal.Order] = left + amount;
            else if (deal.Kind == EventKind.Redeem)
            {
                if (!requests.Contains(deal.Order) && deal.Cents / 100 <= Earned(net) - spent)
                {
                    requests.Add(deal.Order);
                    spent += deal.Cents / 100;
                }
            }
            else
            {
                var back = deal is { Kind: EventKind.Cancelled, Cents: 0 } ? left : Math.Min(left, amount);
                surplus = back < amount;
                net[deal.Order] = left - back;
            }

            Assert.Equal(surplus ? Verdict.RefundExceedsPaid : Verdict.Applied, deal.Feed(life));
            Assert.Equal(Earned(net) - spent, life.Member.Points.Balance - life.Member.Points.Owed);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_repeated_order_event_changes_nothing() =>
        Prop.ForAll(RandomOrders.InOrder, Gen.Choose(1, 1000).ToArbitrary(), (deals, seed) =>
    {
        var (once, again) = (new MemberTimeline(throughSnapshots: false), new MemberTimeline(throughSnapshots: false));
        var random = new Random(seed);
        for (var i = 0; i < deals.Length; i++)
        {
            deals[i].Feed(once);
            deals[i].Feed(again);
            var repeated = deals[random.Next(i + 1)];
            if (repeated.Kind != EventKind.Redeem) Assert.True((repeated with { Now = deals[i].Now }).Feed(again).IsRepeat());
        }

        Assert.Equal(once.Effects, again.Effects);
        Assert.Equal(once.Bytes(), again.Bytes());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_remaining_amount_of_an_order_does_not_depend_on_the_order_of_arrival() => Prop.ForAll(
        Gen.Choose(1, 20_000).NonEmptyListOf().Select(all => all.Take(20)).ToArbitrary(),
            Gen.Choose(0, 20_000).ListOf().Select(all => all.Take(20)).ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(),
            (paid, back, seed) =>
    {
        var deals = paid.Select((cents, i) => new OrderEvent(EventKind.Paid, 1, cents, "EUR", MemberTimeline.Start + i,
            MemberTimeline.Day(2), i))
            .Concat(back.Select((cents, i) =>
                new OrderEvent(cents == 0 ? EventKind.Cancelled : EventKind.Refunded, 1, cents, "EUR", MemberTimeline.Day(1) + i,
                    MemberTimeline.Day(2),
                1000 + i))).ToArray();
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var deal in deals.OrderBy(d => new Random((d.Id * 7919) + seed).Next())) deal.Feed(life);
        var stays = back.Contains(0) ? 0 : Math.Max(0, paid.Sum() - back.Sum());
        Assert.Equal((stays * 100L, stays < 100 ? 0 : stays / 100), (life.Member.Spending[0].Net, life.Member.Points.Balance));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_order_follows_from_the_times_of_its_events_in_any_order_of_reading() => Prop.ForAll(
        (from kind in Gen.Elements(EventKind.Paid, EventKind.Paid, EventKind.Refunded, EventKind.Cancelled)
         from cents in Gen.Frequency((3, Gen.Choose(1, 20_000)), (1, Gen.Constant(0)), (1, Gen.Constant(5_000)))
         select (kind, cents)).NonEmptyListOf().Select(all => all.Take(24).ToArray()).ToArbitrary(),
        Gen.Choose(1, 1_000_000).ToArbitrary(), (steps, seed) =>
    {
        var deals = steps.Select((s, i) => new OrderEvent(s.kind, 1, s.cents, "EUR", MemberTimeline.Day(i), MemberTimeline.Day(30),
            i)).ToArray();
        var shuffled = deals.ToArray();
        new Random(seed).Shuffle(shuffled);
        var life = new MemberTimeline(throughSnapshots: seed % 2 == 0);
        var read = new SortedDictionary<int, OrderEvent>();
        foreach (var deal in shuffled)
        {
            var before = Naive(read.Values);
            read.Add(deal.Id, deal);
            var after = Naive(read.Values);
            Assert.Equal(after.Surplus > before.Surplus ? Verdict.RefundExceedsPaid : Verdict.Applied, deal.Feed(life));
            ref readonly var order = ref life.Member.Orders[0];
            Assert.Equal((after.Paid, after.Net), (order.Paid, order.Net));
            Assert.Equal(order.Terms.Points(order.Net), life.Member.Points.Balance);
            Assert.Equal(order.Net, life.Member.Spending.Count == 0 ? 0 : life.Member.Spending[0].Net);
        }
    }).QuickCheckThrowOnFailure();

    private static (long Paid, long Net, long Surplus) Naive(IEnumerable<OrderEvent> byTime)
    {
        long paid = 0, net = 0, surplus = 0;
        foreach (var deal in byTime)
        {
            var amount = deal.Cents * 100L;
            if (deal.Kind == EventKind.Paid) (paid, net) = (paid + amount, net + amount);
            else if (deal is { Kind: EventKind.Cancelled, Cents: 0 }) net = 0;
            else (net, surplus) = (Math.Max(0, net - amount), surplus + Math.Max(0, amount - net));
        }

        return (paid, net, surplus);
    }

    [Fact]
    public void No_order_counts_twice_whatever_the_number_between()
    {
        const int Many = 3 * OrdersState.MaxOrders;
        var life = new MemberTimeline(throughSnapshots: false);
        var deals = Enumerable.Range(0, Many).Select(i =>
            new OrderEvent(EventKind.Paid, i, 1_000, "EUR", MemberTimeline.Start + i, MemberTimeline.Start + i, i)).ToArray();
        Assert.All(deals, deal => Assert.Equal(Verdict.Applied, deal.Feed(life)));
        var (bytes, told) = (life.Bytes(), life.Effects.Count);
        Assert.All(deals, deal => Assert.Equal(deal.Order < Many - OrdersState.MaxOrders ? Verdict.TooLate : Verdict.Duplicate,
            (deal with { Now = deals[^1].Now }).Feed(life)));
        Assert.Equal(bytes, life.Bytes());
        Assert.Equal((told, Many * 10L), (life.Effects.Count, life.Member.Points.Balance));
    }

    [Fact]
    public void Rules_that_change_in_between_leave_every_order_its_terms_and_the_ledger_its_sum()
    {
        RuleSet[] rules =
        [
            new(), new() { Points = new() { Purchases = [] } }, new() { Orders = new() { RememberDays = 1 } },
            new() { Points = new() { ExpireAfterMonths = 1, Purchases = [new() { Name = "double", PointsPerUnit = 20_000 }] } },
            new() { Money = new() { Rates = new Dictionary<string, long> { ["EUR"] = 10_000, ["XTS"] = 5_000 } } },
        ];
        Prop.ForAll(RandomOrders.Any, Gen.Choose(1, 30).ToArbitrary(), (deals, slow) =>
        {
            var life = new MemberTimeline();
            foreach (var deal in deals)
            {
                long Stretched(long at) => MemberTimeline.Start + ((at - MemberTimeline.Start) * slow);
                if (deal.Id % 3 == 0) life.Settles(rules[deal.Id % rules.Length], Stretched(deal.Now));
                if (deal.Id % 4 == 0) life.Wakes(Stretched(deal.Now));
                (deal with { At = Stretched(deal.At), Now = Stretched(deal.Now) }).Feed(life);
                foreach (var order in Orders(life)) Assert.Equal(order.Terms.Points(order.Net), order.Points);
                var ledger = life.Effects.Where(e => e.Kind.Stream() == Effects.Stream.Rewards).Sum(e => e.Points);
                Assert.Equal(ledger, life.Member.Points.Balance - life.Member.Points.Owed);
                Assert.All(Enumerable.Range(0, life.Member.Spending.Count), i => Assert.True(life.Member.Spending[i].Net >= 0));
            }
        }).QuickCheckThrowOnFailure();
    }

    private static long Earned(Dictionary<int, long> net) => net.Sum(order =>
    {
        var rate = (order.Key % 3) switch { 0 => 1m, 1 => 8.4m, _ => 100m };
        var minimum = order.Key % 3 == 2 ? 100m : 1m;
        var worth = order.Value / 10_000m;
        return order.Key % 3 == 2 ? worth < minimum ? 0 : (long)(worth / rate) : worth < minimum * rate ? 0 : (long)(worth / rate);
    });

    private static IEnumerable<Order> Orders(MemberTimeline life) =>
        Enumerable.Range(0, life.Member.Orders.Count).Select(i => life.Member.Orders[i]);

    private static void Always(Action<MemberTimeline, IReadOnlyList<OrderEvent>> law) => Prop.ForAll(RandomOrders.Any, deals =>
    {
        var life = new MemberTimeline();
        foreach (var deal in deals)
        {
            deal.Feed(life);
            law(life, deals);
        }
    }).QuickCheckThrowOnFailure();
}
