using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Views;
using Streaming.Members.Amounts;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Orders;
using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Rules;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

/// <summary>Examples of what happens to one order; the laws say the rest.</summary>
public class OrderTests
{
    [Fact]
    public void A_refund_of_half_takes_half_of_what_the_payment_gave_whatever_the_rules_say_by_then()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 100));
        life.Settles(new RuleSet { Points = new() { Purchases = [new() { Name = "double", PointsPerUnit = 20_000 }] } }, Day(1));
        life.At(1, EventKind.Refunded, Of("o-1", 50));
        Assert.Equal(50, life.Member.Points.Balance);
        life.Settles(new RuleSet { Points = new() { Purchases = [] } }, Day(2));
        life.At(2, EventKind.Refunded, Of("o-1", 50));
        Assert.Equal((0, 0), (life.Member.Points.Balance, life.Member.Growth.Growth));
    }

    [Fact]
    public void Expired_points_of_a_refunded_order_are_not_taken_back_and_this_is_reported()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 100));
        life.WakeAt(380);
        Assert.Equal(0, life.Member.Points.Balance);
        var told = Assert.Single(life.Happens(EventKind.Refunded, Day(381), Of("o-1", 100)), e => e.Kind == EffectKind.PointsReversed);
        Assert.Equal((0, "expired", 0), (told.Points, told.Reason, life.Member.Points.Owed));
    }

    [Theory]
    [InlineData(110, 10, 100)]
    [InlineData(60, 10, 50)]
    [InlineData(4, 4, 0)]
    public void Expired_points_of_an_order_paid_on_two_days_are_not_taken_back(decimal refund, long taken, long expired)
    {
        foreach (var (first, second) in new[] { (0, 200), (200, 0) }) // the earlier one also read late
        {
            var life = new MemberTimeline();
            life.Apply(life.NewEvent(Day(first), EventKind.Paid, Of("o-1", first == 0 ? 100 : 10)), Day(200));
            life.Apply(life.NewEvent(Day(second), EventKind.Paid, Of("o-1", second == 0 ? 100 : 10)), Day(200));
            life.WakeAt(380);
            Assert.Equal(10, life.Member.Points.Balance);
            var all = life.Happens(EventKind.Refunded, Day(381), Of("o-1", refund));
            var told = Assert.Single(all, e => e.Kind == EffectKind.PointsReversed);
            Assert.Equal((-taken, 10 - taken, 0), (told.Points, life.Member.Points.Balance, life.Member.Points.Owed));
            Assert.Equal(expired, told.Why.GetValueOrDefault("expired"));
        }
    }

    [Fact]
    public void A_member_who_spent_no_points_owes_none_after_any_refunds() =>
        Prop.ForAll(RandomOrders.Any, Gen.Choose(1, 90).ToArbitrary(), (deals, slow) =>
        {
            var life = new MemberTimeline();
            foreach (var deal in deals.Where(deal => deal.Kind != EventKind.Redeem))
            {
                // The same life, months where it had days.
                var stretched = deal with { At = Start + ((deal.At - Start) * slow), Now = Start + ((deal.Now - Start) * slow) };
                life.Wakes(stretched.Now);
                stretched.Feed(life);
                Assert.Equal(0, life.Member.Points.Owed);
                for (var i = 0; i < life.Member.Orders.Count; i++)
                {
                    var order = life.Member.Orders[i];
                    var earlier = life.Member.Orders.Days.All.ToArray().Where(part => part.Order == order.Key).Sum(part => part.Points);
                    Assert.InRange(earlier, 0, order.Points);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_refund_read_before_its_payment_waits_for_it_in_its_own_currency_alone()
    {
        var life = new MemberTimeline();
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(2, EventKind.Refunded, Of("o-1", 50)));
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(3, EventKind.Refunded, Of("o-1", 60, "USD")));
        Assert.Equal(Verdict.Applied, life.Apply(life.NewEvent(Day(1), EventKind.Paid, Of("o-1", 200, "USD")), Day(4)));
        Assert.Equal((Currencies.Code("USD"), 1_400_000L), life.Member.Spending[0]);
    }

    [Fact]
    public void A_refund_in_a_currency_waits_though_a_cancellation_without_one_is_read_after_it()
    {
        var life = new MemberTimeline();
        life.At(5, EventKind.Refunded, Of("o-1", 50));
        life.Apply(life.NewEvent(Day(1), EventKind.Cancelled, Of("o-1")), Day(6));
        life.Apply(life.NewEvent(Day(3), EventKind.Paid, Of("o-1", 80)), Day(6));
        Assert.Equal(300_000, life.Member.Spending[0].Net);
    }

    [Fact]
    public void A_cancellation_takes_what_was_paid_before_it_and_nothing_that_was_paid_later()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 100));
        life.At(1, EventKind.Cancelled, Of("o-1"));
        life.At(2, EventKind.Paid, Of("o-1", 20));
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(4, EventKind.Refunded, Of("o-1", 30)));
        life.Apply(life.NewEvent(Day(3), EventKind.Paid, Of("o-1", 70)), Day(5)); // the 10 that came back too early come back of it
        Assert.Equal((600_000L, 60L), (life.Member.Spending[0].Net, life.Member.Points.Balance));
        life.Apply(life.NewEvent(Day(0.5), EventKind.Paid, Of("o-1", 40)), Day(5)); // what was cancelled
        Assert.Equal((600_000L, 60L), (life.Member.Spending[0].Net, life.Member.Points.Balance));
    }

    [Fact]
    public void A_cancellation_read_after_a_payment_that_was_made_later_leaves_that_payment()
    {
        var life = new MemberTimeline();
        life.At(2, EventKind.Paid, Of("o-1", 100));
        Assert.Equal(Verdict.Applied, life.Apply(life.NewEvent(Day(1), EventKind.Cancelled, Of("o-1")), Day(3)));
        Assert.Equal((1_000_000L, 100L), (life.Member.Spending[0].Net, life.Member.Points.Balance));
        life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-1", 40)), Day(3)); // what was cancelled
        Assert.Equal((1_000_000L, 100L), (life.Member.Spending[0].Net, life.Member.Points.Balance));
        life.At(4, EventKind.Cancelled, Of("o-1"));
        Assert.Equal((0L, 0L), (life.Member.Spending[0].Net, life.Member.Points.Balance));
    }

    [Fact]
    public void Of_two_refunds_that_came_too_early_a_payment_between_them_pays_the_later_one_alone()
    {
        var life = new MemberTimeline();
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(1, EventKind.Refunded, Of("o-1", 50)));
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(5, EventKind.Refunded, Of("o-1", 50)));
        Assert.Equal(Verdict.Applied, life.Apply(life.NewEvent(Day(3), EventKind.Paid, Of("o-1", 120)), Day(6)));
        Assert.Equal((700_000L, 70L), (life.Member.Spending[0].Net, life.Member.Points.Balance));
        life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-1", 30)), Day(6));
        Assert.Equal((700_000L, 70L), (life.Member.Spending[0].Net, life.Member.Points.Balance));
    }

    [Fact]
    public void A_refund_that_leaves_too_little_for_a_later_one_is_refused_for_what_is_too_much()
    {
        var life = new MemberTimeline();
        life.At(1, EventKind.Paid, Of("o-1", 100));
        life.At(3, EventKind.Refunded, Of("o-1", 80));
        Assert.Equal(Verdict.RefundExceedsPaid, life.Apply(life.NewEvent(Day(2), EventKind.Refunded, Of("o-1", 50)), Day(4)));
        Assert.Equal(0, life.Member.Spending[0].Net);
        life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-1", 40)), Day(4));
        Assert.Equal(100_000, life.Member.Spending[0].Net);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_waiting_refund_is_forgotten_when_its_payment_has_come(bool throughSnapshots)
    {
        var life = new MemberTimeline(throughSnapshots: throughSnapshots);
        life.At(5, EventKind.Refunded, Of("o-1", 10));
        life.Apply(life.NewEvent(Day(4), EventKind.Paid, Of("o-1", 10)), Day(6));
        life.Apply(life.NewEvent(Day(2), EventKind.Refunded, Of("o-1", 30)), Day(6));
        life.Apply(life.NewEvent(Day(3), EventKind.Paid, Of("o-1", 100)), Day(6));
        Assert.Equal(1_000_000, life.Member.Spending[0].Net); // paid after that refund
    }

    [Fact]
    public void A_free_order_and_refunds_of_nothing_are_no_surplus()
    {
        var life = new MemberTimeline();
        static void Nothing(MemberEvent e) => (e.Order, e.Currency) = (Text.From("o-1"), Text.From("EUR"));
        Assert.Equal(Verdict.Applied, life.At(0, EventKind.Paid, Nothing));
        Assert.Equal(Verdict.Applied, life.At(1, EventKind.Refunded, Nothing));
        Assert.Equal(Verdict.Applied, life.At(2, EventKind.Paid, Of("o-1", 5, "USD")));
        Assert.Equal(Verdict.CurrencyMismatch, life.At(3, EventKind.Refunded, Nothing));
        Assert.Equal(Verdict.Applied, life.At(4, EventKind.Cancelled, e => e.Order = Text.From("o-1")));
        Assert.Equal(Verdict.Applied, life.At(5, EventKind.Cancelled, e => e.Order = Text.From("o-1")));
        Assert.Equal((0, 0), (life.Member.Points.Balance, life.Member.Spending[0].Net));
    }

    [Fact]
    public void A_saturated_sum_does_not_fall_below_zero()
    {
        var life = new MemberTimeline(throughSnapshots: false);
        const int Payments = 50;
        void Pay(int order) // adds nothing once the sum stands at its end
        {
            for (var i = 0; i < Payments; i++) life.At(order + (i * 1e-6), EventKind.Paid, Of($"o-{order}", 100_000_000_000));
        }

        for (var order = 0; order < 200; order++) Pay(order);
        Assert.Equal(long.MaxValue, life.Member.Spending[0].Net);
        for (var order = 200; order < 400; order++)
        {
            Pay(order);
            Assert.Equal(Verdict.Applied, life.At(order + 0.5, EventKind.Cancelled, Of($"o-{order}")));
            Assert.True(life.Member.Spending[0].Net >= 0);
        }
    }

    [Fact]
    public void A_level_falls_with_the_money_that_came_back_and_badges_stay()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 600));
        Assert.Equal("silver", MemberView.Of(life.Member, life.Rules, Day(0)).Level);
        var told = life.Happens(EventKind.Cancelled, Day(1), Of("o-1"));
        Assert.Contains(told, e => e.Kind == EffectKind.LevelChanged && e.From == "silver" && e.To == "bronze");
        Assert.Contains(told, e => e.Kind == EffectKind.PointsReversed && e.Reason == "cancelled" && e.Points == -600);
        Assert.True(life.Member.Badges.Has(0));
    }

    [Fact]
    public void A_refunded_payment_earns_no_badge()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 30; i++)
        {
            life.At(i, EventKind.Paid, Of($"o-{i}", 9_000));
            life.At(i + 0.5, EventKind.Cancelled, Of($"o-{i}"));
        }

        Assert.Equal(["first-purchase"], MemberView.Of(life.Member, life.Rules, Day(30)).Badges);
        life.At(31, EventKind.Paid, Of("o-31", 11_720, "USD")); // 10,000 of the base currency
        Assert.Contains("big-spender", MemberView.Of(life.Member, life.Rules, Day(31)).Badges);
    }

    [Fact]
    public void Payments_of_one_order_are_one_purchase_towards_a_badge()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 12; i++) life.At(i, EventKind.Paid, Of("o-1", 1));
        Assert.False(life.Member.Badges.Has(1));
        Assert.Equal(12, life.Member.Points.Balance);
    }

    [Fact]
    public void A_repeated_payment_of_a_refunded_order_is_still_a_duplicate()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Paid, Day(0), Of("o-1", 100), id: "shop");
        Assert.Equal(Verdict.RepeatedPayment, life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-1", 100), "bank"), Day(0)));
        life.At(1, EventKind.Cancelled, Of("o-1"));
        Assert.Equal(Verdict.Duplicate, life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-1", 100), "bank"), Day(2)));
        Assert.Equal(Verdict.Duplicate, life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-1", 100), "shop"), Day(2)));
        Assert.Equal(0, life.Member.Points.Balance);
    }

    [Fact]
    public void An_order_of_another_currency_is_refused_and_changes_nothing()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 100));
        var bytes = life.Bytes();
        Assert.Equal(Verdict.CurrencyMismatch, life.At(0, EventKind.Refunded, Of("o-1", 100, "USD")));
        Assert.Equal(Verdict.CurrencyMismatch, life.At(0, EventKind.Paid, Of("o-1", 100, "USD")));
        Assert.Equal(bytes, life.Bytes());
    }

    [Fact]
    public void An_order_with_too_many_events_refuses_more()
    {
        var life = new MemberTimeline(throughSnapshots: false);
        var verdicts = Enumerable.Range(0, 100).Select(i => life.At(i, EventKind.Paid, Of("o-1", 1))).ToList();
        Assert.Equal(Verdict.OrderFull, verdicts[^1]);
        Assert.Equal(verdicts.Count(v => v == Verdict.Applied), life.Member.Points.Balance);
        Assert.Equal(Verdict.Duplicate, life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-1", 1), "e-1"), Day(100)));
    }

    [Fact]
    public void Orders_older_than_the_window_are_forgotten_beyond_the_last_64()
    {
        var life = new MemberTimeline(new RuleSet { Orders = new() { RememberDays = 10 } }, throughSnapshots: false);
        for (var i = 0; i < 100; i++) life.At(i, EventKind.Paid, Of($"o-{i}", 1));
        Assert.Equal(OrdersState.KeptOrders, life.Member.Orders.Count);
        Assert.Equal(Day(99 - OrdersState.KeptOrders), life.Member.Orders.Forgotten);
        Assert.Equal(Verdict.TooLate, life.Apply(life.NewEvent(Day(0), EventKind.Paid, Of("o-0", 1), "e-1"), Day(100)));
        Assert.Equal(Verdict.RefundExceedsPaid, life.At(100, EventKind.Refunded, Of("o-0", 1)));
    }

    [Theory]
    [InlineData("VND", 1_250_000, 40)]
    [InlineData("KWD", 10, 27)]
    [InlineData("JPY", 10_000, 100)] // by its own rule
    [InlineData("EUR", 21.9, 21)]
    [InlineData("XTS", 1_000_000, 0)]
    public void Points_are_of_the_base_currency_by_its_rates(string currency, double amount, long points)
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", (decimal)amount, currency));
        life.At(1, EventKind.Paid, Of("o-2", (decimal)amount, currency));
        Assert.Equal(2 * points, life.Member.Points.Balance);
        Assert.Equal(points == 0 ? 1 : 0, life.Of(EffectKind.PointsWithheld).Count());
    }

    [Fact]
    public void A_currency_without_a_rate_earns_from_the_day_a_rule_names_it()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid, Of("o-1", 100, "XTS"));
        life.Settles(new RuleSet { Points = new() { Purchases = [new() { Name = "xts", Currency = "XTS" }] } }, Day(1));
        life.At(1, EventKind.Paid, Of("o-2", 100, "XTS"));
        Assert.Equal(100, life.Member.Points.Balance);
        life.At(2, EventKind.Refunded, Of("o-1", 100, "XTS")); // which had earned nothing
        Assert.Equal(100, life.Member.Points.Balance);
    }

    [Fact]
    public void Points_beyond_the_maximum_are_not_taken_back()
    {
        var life = new MemberTimeline(new RuleSet { Points = new() { Purchases = [new() { Name = "all", PointsPerUnit = 10_000_000 }] } });
        life.At(0, EventKind.Paid, Of("o-1", 900_000_000_000));
        life.At(1, EventKind.Paid, Of("o-2", 900_000_000_000));
        Assert.Equal(PointsState.MaxBalance, life.Member.Points.Balance);
        life.At(2, EventKind.Refunded, Of("o-2", 900_000_000_000));
        Assert.Equal((900_000_000_000_000, 0), (life.Member.Points.Balance, life.Member.Points.Owed));
    }

    [Theory]
    [InlineData("EUR", 219_000, "21.90")]
    [InlineData("EUR", 219_050, "21.905")]
    [InlineData("JPY", 12_500_000_000, "1250000")]
    [InlineData("KWD", 35_000, "3.500")]
    [InlineData("EUR", -1, "-0.0001")]
    [InlineData("XTS", long.MaxValue, "922337203685477.5807")]
    public void Money_is_shown_with_its_own_decimals(string currency, long amount, string shown) =>
        Assert.Equal(shown, Currencies.Amount(Currencies.Code(currency), amount)
            .ToString(System.Globalization.CultureInfo.InvariantCulture));
}
