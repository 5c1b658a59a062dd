using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Rules;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

public class PointsTests
{
    [Theory]
    [InlineData("99.99", "EUR", 99)]
    [InlineData("1", "EUR", 1)]
    [InlineData("0.99", "EUR", 0)] // below the minimum
    [InlineData("1999", "JPY", 19)] // a hundredth of a point each
    [InlineData("99", "JPY", 0)]
    [InlineData("12345678901.9999", "EUR", 12_345_678_901)]
    public void A_purchase_earns_whole_points_rounded_down(string amount, string currency, long points)
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-01T12:00Z", decimal.Parse(amount, null), currency);
        Assert.Equal(points, life.Member.Points.Balance);
    }

    [Fact]
    public void The_largest_amount_there_is_earns_the_most_there_can_be()
    {
        var life = new MemberTimeline(new RuleSet { Points = new() { Purchases = [new() { Name = "all", PointsPerUnit = 10_000_000 }] } });
        for (var day = 0; day < 2; day++)
        {
            life.At(day, EventKind.Paid, e => (e.Amount, e.Currency, e.Order) = (long.MaxValue, Text.From("EUR"), Text.From($"o-{day}")));
        }

        Assert.Equal(PointsState.MaxBalance, life.Member.Points.Balance);
    }

    [Fact]
    public void An_entry_says_rule_cause_and_numbers()
    {
        var entry = new MemberTimeline().Pays("2026-01-01T12:00Z", 25.5m).Single(e => e.Kind == EffectKind.PointsEarned);
        Assert.Equal(("points.purchase", "purchases/e-1", 25, 25), (entry.Rule, entry.Cause, entry.Points, entry.Value));
        Assert.Equal(25.5, entry.Why["amount"]);
        Assert.Equal(1, entry.Why["pointsPerUnit"]);
    }

    [Theory]
    [InlineData(EventKind.Refunded)]
    [InlineData(EventKind.Cancelled)]
    public void A_cancelled_or_refunded_order_earns_no_points(EventKind kind)
    {
        var life = new MemberTimeline();
        life.Happens(kind, Time("2026-01-01T12:00Z"), Paid(100));
        Assert.Equal((0, 0), (life.Member.Points.Balance, life.Member.Growth.Growth));
    }

    [Fact]
    public void A_daily_cap_counts_days_as_the_member_lives_them()
    {
        var life = new MemberTimeline().In("Asia/Shanghai"); // midnight is 16:00 UTC
        var earned = new[] { "2026-01-01T10:00Z", "2026-01-01T15:59Z", "2026-01-01T16:00Z", "2026-01-02T15:00Z", "2026-01-02T16:30Z" }
            .Select(at => life.Happens(EventKind.Checkin, at).Any(e => e.Rule == "points.checkin"));
        Assert.Equal([true, false, true, false, true], earned);
    }

    [Fact]
    public void An_event_one_day_late_counts_on_its_day_and_an_older_one_earns_nothing()
    {
        var life = new MemberTimeline();
        bool Earns(string at) => life.Happens(EventKind.Share, at, null, "2026-01-10T00:00Z").Any(e => e.Rule == "points.share");
        Assert.True(Earns("2026-01-05T10:00Z"));
        for (var i = 0; i < 5; i++) Assert.True(Earns("2026-01-04T10:00Z"));
        Assert.False(Earns("2026-01-04T11:00Z"));
        Assert.False(Earns("2026-01-03T10:00Z"));
    }

    [Fact]
    public void Daily_caps_of_different_rules_are_independent()
    {
        var life = new MemberTimeline();
        Assert.Contains(life.Happens(EventKind.Post, "2026-03-01T00:00Z"), e => e.Rule == "points.post");
        Assert.Contains(life.Happens(EventKind.Share, "2026-01-01T00:00Z", null, "2026-03-01T00:00Z"), e => e.Rule == "points.share");
    }

    [Fact]
    public void A_redemption_is_granted_with_enough_points_and_refused_otherwise()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-01T12:00Z", 100);
        var spent = Assert.Single(life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(60, "q-1")),
            e => e.Rule == "points.redeem");
        Assert.Equal((EffectKind.PointsSpent, -60, 40, null, "q-1", "mug"),
            (spent.Kind, spent.Points, spent.Value, spent.Reason, spent.Subject, spent.Detail));
        var refused = Assert.Single(life.Happens(EventKind.Redeem, Time("2026-01-02T12:01Z"), Redeem(60, "q-2")),
            e => e.Rule == "points.redeem");
        Assert.Equal((EffectKind.RedeemRejected, 0, 40, "short", "q-2"),
            (refused.Kind, refused.Points, refused.Value, refused.Reason, refused.Subject));
        Assert.Equal(60, refused.Why["cost"]);
    }

    [Fact]
    public void A_redemption_asked_for_again_is_paid_for_once_whatever_its_event() =>
        Prop.ForAll(Gen.Choose(1, 5).ListOf(12).ToArbitrary(), requests =>
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-01T12:00Z", 1000);
        foreach (var request in requests) life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(10, $"q-{request}"));
        Assert.Equal(1000 - (10 * requests.Distinct().Count()), life.Member.Points.Balance);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("r-1")]
    [InlineData("r-2")]
    public void A_redemption_refused_is_judged_anew_under_the_same_request_whatever_its_id(string id)
    {
        var life = new MemberTimeline();
        var refused = life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(10, "q-1"), id: "r-1");
        Assert.Contains(refused, e => e.Kind == EffectKind.RedeemRejected);
        life.Pays("2026-01-03T12:00Z", 1000);
        var spent = Assert.Single(life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(10, "q-1"),
            now: Time("2026-01-04T12:00Z"), id: id));
        Assert.Equal((EffectKind.PointsSpent, -10, 990, "q-1"), (spent.Kind, spent.Points, spent.Value, spent.Subject));
        Assert.Equal(990, life.Member.Points.Balance);
    }

    [Fact]
    public void A_redemption_refused_again_under_the_same_id_says_nothing_and_under_another_says_so()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(10, "q-1"), id: "r-1");
        Assert.Empty(life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(10, "q-1"), id: "r-1"));
        Assert.Contains(life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(10, "q-1"), id: "r-2"), e =>
            e.Kind == EffectKind.RedeemRejected);
    }

    [Fact]
    public void A_redemption_granted_is_answered_again_under_another_id_and_spends_once()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-01T12:00Z", 100);
        var granted = Assert.Single(life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(60, "q-1"), id: "r-1"));
        Assert.Empty(life.Happens(EventKind.Redeem, Time("2026-01-02T12:00Z"), Redeem(60, "q-1"), id: "r-1"));
        var again = Assert.Single(life.Happens(EventKind.Redeem, Time("2026-01-03T12:00Z"), Redeem(60, "q-1"), id: "r-2"));
        Assert.Equal((EffectKind.RedeemRepeated, 0, 40, "granted", "q-1", "mug"),
            (again.Kind, again.Points, again.Value, again.Reason, again.Subject, again.Detail));
        Assert.Equal(granted.Sequence, again.Why["sequence"]);
        Assert.Equal(40, life.Member.Points.Balance);
    }

    [Fact]
    public void An_adjustment_says_who_and_why_and_takes_no_more_than_there_is()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Adjust, "2026-01-01T12:00Z", e => e.Points = 30);
        var taken = Assert.Single(life.Happens(EventKind.Adjust, "2026-01-02T12:00Z", e =>
        {
            e.Points = -50;
            e.Reason = Text.From("returned gift");
            e.Approver = Text.From("anna");
        }), e => e.Rule == "points.adjust");
        Assert.Equal((EffectKind.PointsAdjusted, -30, 0, "anna", "returned gift"),
            (taken.Kind, taken.Points, taken.Value, taken.Subject, taken.Detail));
        Assert.Equal(-50, taken.Why["asked"]);
    }

    [Fact]
    public void Points_expire_after_twelve_months_at_the_members_midnight_in_a_wake()
    {
        var life = new MemberTimeline().In("Asia/Shanghai");
        life.Pays("2026-02-28T20:00Z", 10); // 1 March there
        var due = Time("2027-03-01T16:00Z");
        Assert.Equal(due, Points.Due(life.Member, life.Rules));
        Assert.DoesNotContain(life.Wakes(due - 1), e => e.Kind == EffectKind.PointsExpired);
        var expired = Assert.Single(life.Wakes(due + 5_000), e => e.Kind == EffectKind.PointsExpired);
        Assert.Equal((due, -10, 0, "points.expiry"), (expired.At, expired.Points, expired.Value, expired.Rule));
        Assert.Equal($"expiry/{(Time("2026-03-01T00:00Z") / 86_400_000)}", expired.Cause);
    }

    [Fact]
    public void Expired_points_cannot_be_spent_before_their_wake()
    {
        var life = new MemberTimeline();
        life.Pays("2025-01-01T12:00Z", 100);
        var told = life.Happens(EventKind.Redeem, Time("2026-01-03T00:00Z"), Redeem(50, "q-1"));
        Assert.Equal([EffectKind.PointsExpired, EffectKind.RedeemRejected],
            told.Where(e => e.Rule.StartsWith("points.", StringComparison.Ordinal)).Select(e => e.Kind));
    }

    [Fact]
    public void A_purchase_that_arrives_after_its_day_expired_goes_to_the_next_day()
    {
        var life = new MemberTimeline();
        life.Pays("2025-01-01T12:00Z", 100);
        life.Wakes("2026-01-02T00:00Z");
        life.Happens(EventKind.Paid, Time("2025-01-01T13:00Z"), Paid(7), Time("2026-01-02T01:00Z"));
        Assert.Equal(7, life.Member.Points.Balance);
        Assert.Equal(Time("2026-01-03T00:00Z"), Points.Due(life.Member, life.Rules));
    }

    [Fact]
    public void New_rules_do_not_shorten_the_expiry_of_existing_points()
    {
        var life = new MemberTimeline();
        life.Pays("2025-01-01T12:00Z", 100);
        life.Settles(new RuleSet { Points = new() { ExpireAfterMonths = 1 } }, Time("2025-01-10T00:00Z"));
        life.Pays("2025-01-10T12:00Z", 5);
        Assert.Equal([Time("2026-01-02T00:00Z"), Time("2026-01-02T00:00Z")], life.Member.Points.Lots.ToArray().Select(lot => lot.Expires));
    }

    [Fact]
    public void Earning_every_day_for_ten_years_keeps_the_list_of_lots_within_its_bound()
    {
        var life = new MemberTimeline(new RuleSet { Points = new() { ExpireAfterMonths = 120 } });
        var start = Time("2016-01-01T12:00Z");
        for (var day = 0; day < 3_600; day++) life.Happens(EventKind.Checkin, start + (day * 86_400_000L));
        Assert.Equal(PointsState.MaxLots, life.Member.Points.Lots.Length);
        Assert.Equal(life.Member.Points.Balance, life.Effects.Where(e => e.Kind == EffectKind.PointsEarned).Sum(e => e.Points));
        Assert.Equal(life.Member.Points.Balance, life.Member.Points.Lots.ToArray().Sum(lot => lot.Remaining));
    }
}
