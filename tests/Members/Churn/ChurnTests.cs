using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members.Tests;

public class ChurnTests
{
    [Fact]
    public void Silence_alone_raises_the_alert_at_its_due_time_and_once()
    {
        var life = new Chronicle();
        life.At(0, EventKind.View);
        Assert.Equal(Chronicle.Day(21), life.Member.AlertDue);
        life.WakeAt(25);
        life.WakeAt(26);
        var alert = Assert.Single(life.Of(EffectKind.AlertRaised));
        Assert.Equal(("churn.hiatus", "hiatus", "low", 1L, Chronicle.Day(21)), (alert.Rule, alert.Reason, alert.To, alert.Value, alert.At));
        Assert.Equal(21, alert.Why["silenceDays"]);
        Assert.Equal(MemberFacets.AlertRaised, life.Member.Facets.AlertDay);
    }

    [Fact]
    public void The_return_clears_the_alert_and_names_it()
    {
        var life = new Chronicle();
        life.At(0, EventKind.View);
        life.WakeAt(25);
        life.At(26, EventKind.View);
        var (raised, cleared) = (life.Of(EffectKind.AlertRaised).Single(), life.Of(EffectKind.AlertCleared).Single());
        Assert.Equal(("returned", "hiatus", raised.Sequence, raised.Rule), (cleared.Reason, cleared.From, cleared.Value, cleared.Rule));
        Assert.Equal(AlertReason.None, life.Member.Churn.Alert);
    }

    [Fact]
    public void After_an_alert_the_cooldown_holds_the_next_one_back()
    {
        var life = new Chronicle(new RuleSet { Churn = new ChurnRules { HiatusDays = 5 } });
        life.At(0, EventKind.View);
        life.WakeAt(6);
        life.At(7, EventKind.View);
        life.WakeAt(40);
        Assert.Equal([Chronicle.Day(5), Chronicle.Day(5 + 14)], life.Of(EffectKind.AlertRaised).Select(e => e.At));
    }

    [Fact]
    public void A_late_event_that_moves_the_due_time_does_not_alert_twice_in_one_silence()
    {
        var life = new Chronicle();
        life.At(0, EventKind.Paid);
        life.At(20, EventKind.Paid);
        var due = life.Member.AlertDue;
        life.Wakes(due, due);
        life.Apply(life.NewEvent(Chronicle.Day(10), EventKind.Paid), due + 1); // the model now knows one more purchase
        life.Wakes(due + (100 * Time.Day), due + (100 * Time.Day));
        Assert.Single(life.Of(EffectKind.AlertRaised));
        Assert.Empty(life.Of(EffectKind.AlertCleared));
    }

    [Fact]
    public void A_late_event_that_breaks_the_silence_clears_the_alert_as_a_mistake()
    {
        var life = new Chronicle();
        life.At(0, EventKind.View);
        life.WakeAt(22);
        life.Apply(life.NewEvent(Chronicle.Day(20), EventKind.Paid), Chronicle.Day(23));
        Assert.Equal("late-event", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void A_purchase_read_in_time_prevents_the_alert()
    {
        var life = new Chronicle();
        life.At(0, EventKind.View);
        var due = life.Member.AlertDue;
        life.Apply(life.NewEvent(due - Time.Hour, EventKind.Paid), due + Time.Day);
        life.Wakes(due + Time.Day, due + Time.Day);
        Assert.Empty(life.Of(EffectKind.AlertRaised));
    }

    [Fact]
    public void Who_bought_again_is_judged_by_the_model_at_the_time_solved_from_it() => Prop.ForAll(
        Gen.Choose(2, 60).SelectMany(gap => Gen.Choose(2, 12), (gap, count) => (gap, count)).ToArbitrary(), buyer =>
        {
            var life = new Chronicle();
            for (var i = 0; i < buyer.count; i++) life.At(i * buyer.gap, EventKind.Paid);
            life.Effects.Clear();
            var due = life.Member.AlertDue;
            life.Wakes(due, due);
            var alert = life.Of(EffectKind.AlertRaised).Single();
            var model = life.Rules.Churn.Model;
            var silent = due - life.Member.LastActive;
            return alert.Reason == "buyer-silence"
                && alert.Why["x"] == buyer.count - 1
                && (silent == Time.Days(model.MinSilenceDays) ? alert.Why["pAlive"] < model.Threshold : Math.Abs(alert.Why["pAlive"] - model.Threshold) < 1e-8);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Purchases_of_one_day_count_once()
    {
        var life = new Chronicle();
        life.At(0.1, EventKind.Paid);
        life.At(0.2, EventKind.Paid);
        Assert.Equal(AlertReason.Hiatus, Outlook.RuleFor(life.Member, life.Rules.Churn));
        life.At(1.1, EventKind.Paid);
        Assert.Equal(AlertReason.BuyerSilence, Outlook.RuleFor(life.Member, life.Rules.Churn));
    }

    [Fact]
    public void A_buyer_who_still_visits_is_not_silent()
    {
        var life = new Chronicle();
        for (var i = 0; i < 6; i++) life.At(i, EventKind.Paid);
        for (var day = 6; day < 60; day++)
        {
            life.WakeAt(day);
            life.At(day, EventKind.View);
        }

        Assert.Empty(life.Of(EffectKind.AlertRaised));
    }

    [Fact]
    public void Who_visits_in_a_rhythm_is_judged_by_the_gaps()
    {
        var life = new Chronicle();
        for (var i = 0; i < 10; i++) life.At(i * 2, EventKind.View);
        life.WakeAt(40);
        var alert = life.Of(EffectKind.AlertRaised).Single();
        Assert.Equal("gap", alert.Reason);
        Assert.Equal(3, alert.Why["phi"], 1e-6);
        Assert.Equal(18 + 2 + GapModel.Deviations(3), (alert.At - Chronicle.Start) / (double)Time.Day, 1e-6);
    }

    [Fact]
    public void A_complaint_alerts_at_once_and_its_resolution_clears()
    {
        var life = new Chronicle();
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
        var life = new Chronicle();
        life.At(0, EventKind.Paid);
        life.At(1, EventKind.Refunded);
        Assert.Equal(("refund", "medium"), life.Of(EffectKind.AlertRaised).Select(e => (e.Reason!, e.To!)).Single());
        life.At(2, EventKind.Paid);
        Assert.Equal("purchase", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void Silence_takes_the_place_of_an_open_alert_about_an_event()
    {
        var life = new Chronicle();
        life.At(0, EventKind.Complaint);
        life.WakeAt(30);
        Assert.Equal(["complaint", "hiatus"], life.Of(EffectKind.AlertRaised).Select(e => e.Reason));
        Assert.Equal("superseded", life.Of(EffectKind.AlertCleared).Single().Reason);
    }

    [Fact]
    public void Visits_that_become_rarer_alert_and_frequent_ones_clear()
    {
        var life = new Chronicle();
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
    public void Who_has_left_is_no_risk_any_more()
    {
        var life = new Chronicle();
        life.At(0, EventKind.View);
        life.At(1, EventKind.Left);
        life.WakeAt(100);
        Assert.Empty(life.Of(EffectKind.AlertRaised));
    }

    [Fact]
    public void Changed_rules_solve_the_due_time_anew()
    {
        var life = new Chronicle();
        life.At(0, EventKind.Paid);
        life.At(30, EventKind.Paid);
        var before = life.Member.AlertDue;
        var strict = new RuleSet { Churn = new ChurnRules { Model = new PurchaseModelRules { Threshold = 0.6 } } };
        MemberCore.Settle(life.Member, life.Rules, strict, Chronicle.Day(31));
        Assert.True(life.Member.AlertDue < before);
        var expected = strict.Churn.Model.Parameters.FallsTo(Outlook.History(life.Member.Churn, strict.Churn.Model, Chronicle.Day(30)), 0.6);
        Assert.Equal(expected, (life.Member.AlertDue - Chronicle.Start) / (double)Time.Week, 1e-6);
    }
}
