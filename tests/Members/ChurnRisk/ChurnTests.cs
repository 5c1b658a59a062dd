using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Views;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Members.Tests;

public class ChurnTests
{
    [Fact]
    public void Silence_alone_raises_the_alert_at_its_due_time_and_once()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        Assert.Equal(MemberTimeline.Day(21), life.Member.AlertDue);
        life.WakeAt(25);
        life.WakeAt(26);
        var alert = Assert.Single(life.Of(EffectKind.AlertRaised));
        Assert.Equal(("churn.hiatus", "hiatus", "low", 1L, MemberTimeline.Day(21)), (alert.Rule, alert.Reason, alert.To, alert.Value,
            alert.At));
        Assert.Equal(21, alert.Why["silenceDays"]);
        Assert.Equal(MemberFacets.AlertRaised, life.Member.Facets.AlertDay);
    }

    [Fact]
    public void A_return_clears_the_alert_with_its_id()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.WakeAt(25);
        life.At(26, EventKind.View);
        var (raised, cleared) = (life.Of(EffectKind.AlertRaised).Single(), life.Of(EffectKind.AlertCleared).Single());
        Assert.Equal(("returned", "hiatus", raised.Sequence, raised.Rule), (cleared.Reason, cleared.From, cleared.Value, cleared.Rule));
        Assert.False(life.Member.Churn.Alerts.Any);
    }

    [Fact]
    public void After_an_alert_the_cooldown_holds_the_next_one_back()
    {
        var life = new MemberTimeline(new RuleSet { Churn = new ChurnRules { HiatusDays = 5 } });
        life.At(0, EventKind.View);
        life.WakeAt(6);
        life.At(7, EventKind.View);
        life.WakeAt(40);
        Assert.Equal([MemberTimeline.Day(5), MemberTimeline.Day(5 + 14)], life.Of(EffectKind.AlertRaised).Select(e => e.At));
    }

    [Fact]
    public void A_late_event_that_moves_the_due_time_does_not_alert_twice_in_one_silence()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        life.At(20, EventKind.Paid);
        var due = life.Member.AlertDue;
        life.Wakes(due, due);
        life.Apply(life.NewEvent(MemberTimeline.Day(10), EventKind.Paid), due + 1); // the model now knows one more purchase
        life.Wakes(due + (100 * Time.Day), due + (100 * Time.Day));
        Assert.Single(life.Of(EffectKind.AlertRaised));
        Assert.Empty(life.Of(EffectKind.AlertCleared));
    }

    [Fact]
    public void A_late_event_that_breaks_the_silence_clears_the_alert_as_a_mistake()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.WakeAt(22);
        life.Apply(life.NewEvent(MemberTimeline.Day(20), EventKind.Paid), MemberTimeline.Day(23));
        Assert.Equal("late-event", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void A_purchase_read_in_time_prevents_the_alert()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        var due = life.Member.AlertDue;
        life.Apply(life.NewEvent(due - Time.Hour, EventKind.Paid), due + Time.Day);
        life.Wakes(due + Time.Day, due + Time.Day);
        Assert.Empty(life.Of(EffectKind.AlertRaised));
    }

    [Fact]
    public void A_repeat_buyers_alert_falls_due_at_the_time_solved_from_the_model() => Prop.ForAll(
        Gen.Choose(2, 60).SelectMany(gap => Gen.Choose(2, 5), (gap, count) => (gap, count)).ToArbitrary(), buyer =>
        {
            var life = new MemberTimeline(Patient(new ChurnRules()));
            for (var i = 0; i < buyer.count; i++) life.At(i * buyer.gap, EventKind.Paid);
            life.Effects.Clear();
            var due = life.Member.AlertDue;
            life.Wakes(due, due);
            var alert = life.Of(EffectKind.AlertRaised).Single();
            var model = life.Rules.Churn.Model;
            var silent = due - life.Member.LastActive;
            return alert.Reason == "buyer-silence"
                && alert.Why["x"] == buyer.count - 1
                && (silent == Time.Days(model.MinSilenceDays) ? alert.Why["pAlive"] < model.Threshold
                    : Math.Abs(alert.Why["pAlive"] - model.Threshold) < 1e-8);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Purchases_of_one_day_count_once()
    {
        var life = new MemberTimeline(Patient(new ChurnRules()));
        life.At(0.1, EventKind.Paid);
        life.At(0.2, EventKind.Paid);
        Assert.Equal("hiatus", MemberView.Of(life.Member, life.Rules, life.Member.Now).Churn.Rule);
        life.At(1.1, EventKind.Paid);
        Assert.Equal("buyer-silence", MemberView.Of(life.Member, life.Rules, life.Member.Now).Churn.Rule);
    }

    [Fact]
    public void A_buyer_who_still_visits_is_not_silent()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 6; i++) life.At(i, EventKind.Paid);
        for (var day = 6; day < 60; day++)
        {
            life.WakeAt(day);
            life.At(day, EventKind.View);
        }

        Assert.Empty(life.Of(EffectKind.AlertRaised));
    }

    [Fact]
    public void A_regular_visitor_is_alerted_by_the_gap_rule()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 10; i++) life.At(i * 2, EventKind.View);
        life.WakeAt(40);
        var alert = life.Of(EffectKind.AlertRaised).Single();
        Assert.Equal("gap", alert.Reason);
        Assert.Equal(3, alert.Why["phi"], 1e-6);
        Assert.Equal(18 + 2 + GapModel.Deviations(3), (alert.At - MemberTimeline.Start) / (double)Time.Day, 1e-6);
    }

    [Fact]
    public void A_complaint_alerts_at_once_and_its_resolution_clears()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Complaint);
        life.At(0.1, EventKind.Complaint);
        Assert.Equal(("complaint", "chats/e-1"), life.Of(EffectKind.AlertRaised).Select(e => (e.Reason!, e.Cause)).Single());
        life.At(0.2, EventKind.View);
        Assert.Empty(life.Of(EffectKind.AlertCleared));
        life.At(1, EventKind.Resolved);
        Assert.Equal("resolved", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void A_refund_alerts_and_the_next_purchase_clears()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        life.At(1, EventKind.Refunded);
        Assert.Equal(("refund", "medium"), life.Of(EffectKind.AlertRaised).Select(e => (e.Reason!, e.To!)).Single());
        life.At(2, EventKind.Paid);
        Assert.Equal("purchase", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void Alerts_of_different_reasons_are_raised_and_cleared_independently()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        life.At(1, EventKind.Refunded);
        life.At(2, EventKind.Complaint);
        life.WakeAt(30);
        Assert.Equal(["refund", "complaint", "hiatus"], life.Of(EffectKind.AlertRaised).Select(e => e.Reason));
        Assert.Equal(["hiatus", "complaint", "refund"], MemberView.Of(life.Member, life.Rules, life.Member.Now).Churn.Alerts.Select(a =>
            a.Reason));
        life.At(31, EventKind.View);
        life.At(32, EventKind.Resolved);
        life.At(33, EventKind.Paid);
        Assert.Equal([("hiatus", "returned"), ("complaint", "resolved"), ("refund", "purchase")],
            life.Of(EffectKind.AlertCleared).Select(e => (e.From!, e.Reason!)));
        Assert.False(life.Member.Churn.Alerts.Any);
    }

    [Fact]
    public void A_case_resolved_leaves_the_others_open()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Complaint, Case("k1"));
        life.At(0.1, EventKind.Complaint, Case("k2"));
        life.At(0.2, EventKind.Complaint, Case("k2"));
        life.At(1, EventKind.Resolved, Case("k1"));
        life.At(1, EventKind.Resolved, Case("k9"));
        Assert.Empty(life.Of(EffectKind.AlertCleared));
        life.At(2, EventKind.Resolved, Case("k2"));
        Assert.Equal("resolved", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void A_complaint_without_a_case_is_resolved_by_the_case_that_was_made_of_it()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Complaint);
        life.At(0, EventKind.Complaint, Case("k1"));
        life.At(1, EventKind.Resolved, Case("k1"));
        Assert.Empty(life.Of(EffectKind.AlertCleared));
        life.At(2, EventKind.Resolved, Case("k7"));
        Assert.Single(life.Of(EffectKind.AlertCleared));
    }

    [Fact]
    public void A_complaint_alert_stays_open_until_the_last_case_is_resolved() => Prop.ForAll(
        Gen.Choose(1, 20).SelectMany(n => Gen.Shuffle(Enumerable.Range(0, n).ToArray())).ToArbitrary(), order =>
    {
        var life = new MemberTimeline();
        for (var i = 0; i < order.Length; i++) life.At(i * 0.001, EventKind.Complaint, Case($"k{i}"));
        var told = OpenCases.Most;
        foreach (var i in order.Where(i => i < told)) life.At(1, EventKind.Resolved, Case($"k{i}"));
        var open = order.Length > told; // the others count as one without a name
        if (life.Member.Churn.Alerts.IsOpen(AlertReason.Complaint) != open) return false;
        if (open) life.At(2, EventKind.Resolved, Case("k19"));
        return life.Of(EffectKind.AlertCleared).Count() == 1 && life.Of(EffectKind.AlertRaised).Count() == 1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(EventKind.Complaint)]
    [InlineData(EventKind.Refunded)]
    public void An_event_read_months_late_raises_no_alert(EventKind kind)
    {
        var life = new MemberTimeline();
        life.At(100, EventKind.View);
        life.Apply(life.NewEvent(MemberTimeline.Day(10), kind), MemberTimeline.Day(100));
        life.Apply(life.NewEvent(MemberTimeline.Day(92.9), kind), MemberTimeline.Day(100));
        Assert.Empty(life.Of(EffectKind.AlertRaised));
        life.Apply(life.NewEvent(MemberTimeline.Day(93.1), kind), MemberTimeline.Day(100));
        Assert.Single(life.Of(EffectKind.AlertRaised));
    }

    [Fact]
    public void A_rate_drop_of_last_year_raises_nothing_and_one_of_now_does()
    {
        foreach (var late in new[] { 0, 300 })
        {
            var life = new MemberTimeline();
            double day = 0;
            foreach (var gap in Enumerable.Repeat(1, 20).Concat(Enumerable.Repeat(6, 4)))
                life.Apply(life.NewEvent(MemberTimeline.Day(day += gap), EventKind.View), MemberTimeline.Day(day + late));
            Assert.Equal(late == 0 ? 1 : 0, life.Of(EffectKind.AlertRaised).Count());
        }
    }

    [Theory]
    [InlineData(EventKind.Complaint)]
    [InlineData(EventKind.Refunded)]
    public void A_complaint_or_refund_before_a_later_purchase_raises_no_alert(EventKind kind)
    {
        var life = new MemberTimeline();
        life.At(1, EventKind.Paid);
        life.Apply(life.NewEvent(MemberTimeline.Day(0.9), kind), MemberTimeline.Day(1));
        Assert.Empty(life.Of(EffectKind.AlertRaised));
        life.At(2, kind);
        life.Apply(life.NewEvent(MemberTimeline.Day(1.5), EventKind.Paid), MemberTimeline.Day(2)); // an older purchase makes nothing good
        Assert.Empty(life.Of(EffectKind.AlertCleared));
    }

    [Theory]
    [InlineData(7, 8, 18.5)] // a rhythm of weeks: by the gaps
    [InlineData(7, 3, 27)] // bought again, no rhythm yet: some days before dormancy
    [InlineData(14, 6, 27)]
    [InlineData(30, 12, 27)]
    [InlineData(1, 30, 7.5)]
    public void A_regular_buyer_is_alerted_before_it_is_dormant(int gap, int count, double within)
    {
        var life = new MemberTimeline();
        for (var i = 0; i < count; i++) life.At(i * gap, EventKind.Paid);
        life.Effects.Clear();
        life.WakeAt((count * gap) + 100);
        var told = life.Effects.Select(e => (e.Kind, (e.At - life.Member.LastActive) / (double)Time.Day)).ToList();
        Assert.InRange(told.First(t => t.Kind == EffectKind.AlertRaised).Item2, 0, within);
        Assert.Equal(30, told.First(t => t.Kind == EffectKind.StageChanged).Item2);
    }

    [Fact]
    public void Every_silence_is_alerted_at_the_latest_the_margin_before_dormancy() => Prop.ForAll(Lives.Any, inputs =>
    {
        var life = new MemberTimeline(throughSnapshots: false);
        foreach (var input in inputs) input.Feed(life);
        if (life.Member.LastActive == 0 || life.Member.Churn.Alerts.Silence != AlertReason.None) return true;
        var churn = life.Rules.Churn;
        var latest = Math.Max(life.Member.LastActive + Time.Days(27),
            life.Member.Churn.Alerts.RaisedAt(AlertReason.Hiatus) + Time.Days(churn.CooldownDays));
        return life.Member.AlertDue <= latest;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_long_absence_does_not_disable_the_gap_rule()
    {
        var life = new MemberTimeline();
        double day = 0;
        for (var i = 0; i < 15; i++) life.At(day += 1, EventKind.View);
        life.At(day += 60, EventKind.View);
        for (var i = 0; i < 3; i++) life.At(day += 1, EventKind.View);
        Assert.Equal("gap", MemberView.Of(life.Member, life.Rules, life.Member.Now).Churn.Rule);
        Assert.InRange(life.Member.AlertDue - life.Member.LastActive, 0, Time.Days(8));
    }

    [Fact]
    public void An_alert_shows_the_stage_that_the_member_had_when_it_fell_due()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Paid);
        life.WakeAt(200);
        Assert.Equal(Stage.Conversion, life.Of(EffectKind.AlertRaised).Single().Stage);
        Assert.Equal([Stage.Conversion, Stage.Dormant, Stage.Lapsed], life.Of(EffectKind.StageChanged).Select(e => e.Stage));
    }

    [Fact]
    public void A_member_who_was_never_active_has_no_days_of_silence()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.Updated);
        life.At(1, EventKind.Refunded);
        Assert.NotEmpty(life.Of(EffectKind.AlertRaised));
        Assert.All(life.Effects, e => Assert.DoesNotContain("silenceDays", e.Why.Keys));
    }

    [Fact]
    public void Purchase_days_are_counted_in_the_members_time_zone()
    {
        var (shanghai, universal) = (new MemberTimeline().In("Asia/Shanghai"), new MemberTimeline());
        foreach (var life in new[] { shanghai, universal })
        {
            life.At(0.6, EventKind.Paid); // 14:24 UTC, 22:24 in Shanghai
            life.At(0.7, EventKind.Paid); // 16:48 UTC, after midnight in Shanghai
        }

        Assert.Equal((2, 1), (shanghai.Member.Churn.Days.Count, universal.Member.Churn.Days.Count));
    }

    [Fact]
    public void A_falling_visit_rate_raises_an_alert_and_a_rising_one_clears_it()
    {
        var life = new MemberTimeline();
        double day = 0;
        for (var i = 0; i < 20; i++) life.At(day += 1, EventKind.View);
        life.At(day += 6, EventKind.View);
        Assert.Empty(life.Of(EffectKind.AlertRaised)); // one long absence is no drop
        for (var i = 0; i < 3; i++) life.At(day += 6, EventKind.View);
        Assert.Equal("rate-drop", life.Of(EffectKind.AlertRaised).Single().Reason);
        for (var i = 0; i < 12; i++) life.At(day += 1, EventKind.View);
        Assert.Equal("recovered", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void A_member_who_left_has_no_churn_alert()
    {
        var life = new MemberTimeline();
        life.At(0, EventKind.View);
        life.At(1, EventKind.Left);
        life.WakeAt(100);
        Assert.Empty(life.Of(EffectKind.AlertRaised));
    }

    [Fact]
    public void Changed_rules_recompute_the_due_time()
    {
        var life = new MemberTimeline(Patient(new ChurnRules()));
        life.At(0, EventKind.Paid);
        life.At(30, EventKind.Paid);
        var before = life.Member.AlertDue;
        var strict = Patient(new ChurnRules { Model = new PurchaseModelRules { Threshold = 0.6 } });
        life.Settles(strict, MemberTimeline.Day(31));
        Assert.True(life.Member.AlertDue < before);
        var expected = strict.Churn.Model.Parameters.FallsTo(Outlook.History(life.Member.Churn, strict.Churn.Model, MemberTimeline.Day(30)),
            0.6);
        Assert.Equal(expected, (life.Member.AlertDue - MemberTimeline.Start) / (double)Time.Week, 1e-6);
    }

    // Dormancy is so far away that the rules alone decide.
    private static RuleSet Patient(ChurnRules churn) =>
        new() { Churn = churn, Lifecycle = new LifecycleRules { DormantDays = 3_000, LapsedDays = 4_000 } };

    private static Action<MemberEvent> Case(string name) => e => e.Case = Text.From(name);
}
