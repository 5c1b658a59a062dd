using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

/// <summary>Points earned = points left + spent + expired + taken back; no point is counted twice. Histories over years with lots
/// that expire after different times, orders in parts, returns, late events and wakes.</summary>
public class PointsTotalsLaws
{
    private const int Orders = 8;

    private static readonly Arbitrary<Act[]> Histories = (
        from kind in Gen.Frequency((5, Gen.Constant(EventKind.Paid)), (3, Gen.Constant(EventKind.Refunded)),
            (1, Gen.Constant(EventKind.Cancelled)), (3, Gen.Constant(EventKind.Redeem)), (1, Gen.Constant(EventKind.Checkin)),
            (1, Gen.Constant(EventKind.Adjust)), (2, Gen.Constant(EventKind.View)))
        from order in Gen.Choose(0, Orders - 1)
        from amount in Gen.Choose(1, 300)
        from gap in Gen.Frequency((4, Gen.Choose(0, 3)), (4, Gen.Choose(0, 40)), (1, Gen.Choose(100, 400)))
        from late in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 60)))
        from months in Gen.Choose(1, 14)
        select new Act(kind, order, amount, gap, late, months)).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();

    [Fact]
    public void Earned_points_are_available_spent_expired_or_taken_back() => Prop.ForAll(Histories, acts =>
    {
        var life = Live(acts, ordersOnly: false, law: life =>
        {
            var points = life.Member.Points;
            Assert.Equal(Sum(life, EffectKind.PointsEarned) + Sum(life, EffectKind.PointsAdjusted), points.Balance - points.Owed
                - Sum(life, EffectKind.PointsSpent) - Sum(life, EffectKind.PointsExpired) - Sum(life, EffectKind.PointsReversed));
            Assert.Equal(points.Balance, points.Lots.ToArray().Sum(lot => lot.Remaining));
            Assert.True(ToldExpired(life) <= -Sum(life, EffectKind.PointsExpired), "more was not taken back as expired than did expire");
            var used = life.Effects.Where(e => e.Kind is EffectKind.PointsSpent or EffectKind.PointsAdjusted && e.Points < 0);
            Assert.True(points.Owed <= -used.Sum(e => e.Points), "more is owed than was spent");
        });
        Assert.True(life.Member.Points.Balance >= 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void When_all_orders_are_refunded_the_debt_equals_the_spent_points() => Prop.ForAll(Histories, acts =>
    {
        var life = Live(acts, ordersOnly: true, law: _ => { });
        for (var order = 0; order < Orders; order++)
            life.Happens(EventKind.Cancelled, life.Member.Now, Of($"o-{order}"), id: $"end-{order}");
        var points = life.Member.Points;
        Assert.Equal((0, -Sum(life, EffectKind.PointsSpent)), (points.Balance, points.Owed));
        Assert.Equal(-Sum(life, EffectKind.PointsExpired), ToldExpired(life));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Points_that_were_spent_are_owed_though_a_later_lot_has_expired()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 100));
        life.At(10, EventKind.Paid, Of("o-2", 50));
        life.Happens(EventKind.Redeem, Day(20), Redeem(100, "q-1")); // those of the first order
        life.WakeAt(380);
        Assert.Equal(-50, Sum(life, EffectKind.PointsExpired));
        life.At(381, EventKind.Cancelled, Of("o-2"));
        Assert.Equal((0, 0), (life.Member.Points.Balance, life.Member.Points.Owed));
        life.At(382, EventKind.Cancelled, Of("o-1"));
        Assert.Equal((0, 100), (life.Member.Points.Balance, life.Member.Points.Owed));
    }

    [Fact]
    public void A_refund_takes_the_points_of_its_own_order_and_leaves_older_ones_to_expire_on_their_day()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 100));
        life.At(100, EventKind.Paid, Of("o-2", 50));
        life.At(101, EventKind.Cancelled, Of("o-2"));
        life.WakeAt(380);
        Assert.Equal((0, -100), (life.Member.Points.Balance, Sum(life, EffectKind.PointsExpired)));
    }

    private static MemberTimeline Live(Act[] acts, bool ordersOnly, Action<MemberTimeline> law)
    {
        var life = new MemberTimeline(new RuleSet(), throughSnapshots: acts.Length % 2 == 0);
        var now = Start;
        var id = 0;
        foreach (var act in acts)
        {
            now += act.Gap * Members.Time.Day;
            var at = now - (act.Late * Members.Time.Day);
            id++;
            switch (act.Kind)
            {
                case EventKind.View:
                    var rules = life.Rules with { Points = life.Rules.Points with { ExpireAfterMonths = act.Months } };
                    life.Settles(rules, now);
                    life.Wakes(now);
                    break;
                case EventKind.Redeem:
                    life.Happens(act.Kind, now, Redeem(act.Amount, $"q-{id}"));
                    break;
                case EventKind.Adjust when !ordersOnly:
                    life.Happens(act.Kind, now, e => e.Points = act.Amount - 150);
                    break;
                case EventKind.Checkin when !ordersOnly:
                    life.Happens(act.Kind, at, null, now);
                    break;
                case EventKind.Cancelled:
                    life.Happens(act.Kind, at, Of($"o-{act.Order}"), now);
                    break;
                case EventKind.Paid or EventKind.Refunded:
                    life.Happens(act.Kind, at, Of($"o-{act.Order}", act.Amount), now);
                    break;
            }

            law(life);
        }

        return life;
    }

    private static long Sum(MemberTimeline life, EffectKind kind) => life.Of(kind).Sum(e => e.Points);

    private static long ToldExpired(MemberTimeline life) =>
        (long)life.Of(EffectKind.PointsReversed).Sum(e => e.Why.GetValueOrDefault("expired"));

    private sealed record Act(EventKind Kind, int Order, int Amount, int Gap, int Late, int Months);
}
