using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Members.ChurnRisk;

/// <summary>The churn outlook: keeps the histories, raises an alert at its due time and clears it when the member is active
/// again.</summary>
/// <remarks>
/// An alert about silence is cleared by any activity of the member; one about complaints when all of them are resolved or by a purchase,
/// about a refund by a purchase, about a rate drop by visits that are frequent again. The alerts are independent of each other. A
/// complaint, refund or rarer visit raises no alert if it is read days after it happened, or if the member has bought since.
/// </remarks>
public static class Churn
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        ref var churn = ref turn.Member.Churn;
        var rules = turn.Rules.Churn;
        var kind = turn.Event.Kind;

        if (kind == EventKind.Paid) NotePurchase(ref turn);
        var newGap = turn.EndedSilence >= Time.Hour && NoteVisit(ref churn, rules, turn.EndedSilence);

        if (churn.Alerts.Any) ClearWhenBack(ref turn);

        switch (kind)
        {
            case EventKind.Complaint:
                if (turn.At < churn.LastPurchase) break;
                RaiseForEvent(ref turn, AlertReason.Complaint);
                if (churn.Alerts.IsOpen(AlertReason.Complaint) && !IsLate(ref turn)) churn.Cases.Open(turn.Event.Case);
                break;
            case EventKind.Refunded:
                if (turn.At >= churn.LastPurchase) RaiseForEvent(ref turn, AlertReason.Refund);
                break;
            default:
                if (newGap && Dropped(churn, rules)) RaiseForEvent(ref turn, AlertReason.RateDrop);
                break;
        }
    }

    /// <summary>When the next alert about silence falls due, or <see cref="Member.Never"/>.</summary>
    public static long Due(Member member, RuleSet rules)
    {
        ref var churn = ref member.Churn;
        if (churn.Alerts.Silence != AlertReason.None) return Member.Never;
        var due = Outlook.Next(member, rules, out var rule);
        if (rule == AlertReason.None) return Member.Never;
        var last = churn.Alerts.RaisedAt(AlertReason.Hiatus);
        return last == 0 ? due : Math.Max(due, last + Time.Days(rules.Churn.CooldownDays));
    }

    /// <summary>The silence has lasted long enough.</summary>
    public static void OnWake(ref Turn turn)
    {
        Outlook.Next(turn.Member, turn.Rules, out var reason);
        ref var alert = ref turn.Tell(EffectKind.AlertRaised, reason.Rule(), turn.Silence());
        Explain(ref alert, ref turn, reason);
    }

    /// <summary>Solves the due time anew when the rules change.</summary>
    internal static void Settle(Member member, RuleSet to) => member.Churn.ModelDue = Outlook.SolveModel(member.Churn, to.Churn.Model);

    private static void NotePurchase(ref Turn turn)
    {
        ref var churn = ref turn.Member.Churn;
        churn.FirstPurchase = churn.FirstPurchase == 0 ? turn.At : Math.Min(churn.FirstPurchase, turn.At);
        churn.LastPurchase = Math.Max(churn.LastPurchase, turn.At);
        churn.Days.Add(turn.Member.Profile.Zone.DayAt(turn.At));
        churn.ModelDue = Outlook.SolveModel(churn, turn.Rules.Churn.Model);
    }

    private static bool NoteVisit(ref ChurnState churn, ChurnRules rules, long silence)
    {
        if (silence < rules.Gaps.VisitHours * Time.Hour) return false;
        churn.Gaps.Add((double)silence / Time.Day, rules);
        return true;
    }

    private static bool Dropped(in ChurnState churn, ChurnRules rules) =>
        churn.Gaps.Count >= rules.RateDrop.MinGaps && churn.Gaps.Latest >= rules.RateDrop.Ratio * churn.Gaps.Mean;

    private static bool IsLate(ref Turn turn) => turn.Now - turn.At > Time.Days(turn.Rules.Churn.LateDays);

    private static void ClearWhenBack(ref Turn turn)
    {
        ref var churn = ref turn.Member.Churn;
        ref var alerts = ref churn.Alerts;
        var rules = turn.Rules.Churn.RateDrop;
        var bought = turn.Event.Kind == EventKind.Paid;

        if (alerts.Silence != AlertReason.None && turn.EndedSilence >= 0)
        {
            Clear(ref turn, alerts.Silence, turn.At >= alerts.RaisedAt(alerts.Silence) ? "returned" : "late-event");
        }

        if (alerts.IsOpen(AlertReason.Complaint))
        {
            if (turn.Event.Kind == EventKind.Resolved) churn.Cases.Resolve(turn.Event.Case);
            if (!churn.Cases.Any) Clear(ref turn, AlertReason.Complaint, "resolved");
            else if (bought && turn.At >= alerts.RaisedAt(AlertReason.Complaint)) Clear(ref turn, AlertReason.Complaint, "purchase");
        }

        if (bought && alerts.IsOpen(AlertReason.Refund) && turn.At >= alerts.RaisedAt(AlertReason.Refund))
            Clear(ref turn, AlertReason.Refund, "purchase");
        if (alerts.IsOpen(AlertReason.RateDrop) && churn.Gaps.Latest < rules.ClearRatio * churn.Gaps.Mean)
            Clear(ref turn, AlertReason.RateDrop, "recovered");
    }

    private static void RaiseForEvent(ref Turn turn, AlertReason reason)
    {
        ref var alerts = ref turn.Member.Churn.Alerts;
        if (alerts.IsOpen(reason) || IsLate(ref turn)) return;
        var last = alerts.RaisedAt(reason);
        if (last != 0 && turn.At < last + Time.Days(turn.Rules.Churn.CooldownDays)) return;
        Explain(ref turn.Tell(EffectKind.AlertRaised, reason.Rule()), ref turn, reason);
    }

    private static void Clear(ref Turn turn, AlertReason reason, string why)
    {
        ref var churn = ref turn.Member.Churn;
        ref var cleared = ref turn.Tell(EffectKind.AlertCleared, reason.Rule());
        cleared.From = reason.Name();
        cleared.Reason = why;
        cleared.Value = churn.Alerts.SequenceOf(reason);
        churn.Alerts.Clear(reason);
        if (reason == AlertReason.Complaint) churn.Cases.Clear();
    }

    private static void Explain(ref Effect alert, ref Turn turn, AlertReason reason)
    {
        var member = turn.Member;
        ref var churn = ref member.Churn;
        var rules = turn.Rules.Churn;

        churn.Alerts.Raise(reason, turn.Moment, alert.Sequence);
        alert.Reason = reason.Name();
        alert.Value = Severity(member);
        alert.To = alert.Value switch { 3 => "high", 2 => "medium", _ => "low" };
        var silence = (double)Math.Max(0, turn.Moment - member.LastActive) / Time.Day;
        if (member.LastActive != 0) alert.Because("silenceDays", silence);
        switch (reason)
        {
            case AlertReason.BuyerSilence:
                var history = Outlook.History(churn, rules.Model, turn.Moment);
                alert.Because("pAlive", rules.Model.Parameters.Alive(history));
                alert.Because("threshold", rules.Model.Threshold);
                alert.Because("x", history.Repeats);
                alert.Because("tx", history.Recency);
                alert.Because("T", history.Age);
                break;
            case AlertReason.Gap:
                var deviation = churn.Gaps.Deviation(rules.Gaps);
                alert.Because("phi", GapModel.Phi(silence, churn.Gaps.Mean, deviation));
                alert.Because("threshold", rules.Gaps.Phi);
                alert.Because("meanGapDays", churn.Gaps.Mean);
                alert.Because("deviationDays", deviation);
                break;
            case AlertReason.Hiatus:
                alert.Because("threshold", Outlook.HiatusDays(member, turn.Rules));
                break;
            case AlertReason.RateDrop:
                alert.Because("latestGapDays", churn.Gaps.Latest);
                alert.Because("meanGapDays", churn.Gaps.Mean);
                alert.Because("threshold", rules.RateDrop.Ratio);
                break;
        }
    }

    // 3 for members of the highest tier, 2 for other buyers and the middle tier, 1 for everyone else.
    private static long Severity(Member member) => member.Lifecycle.Tier switch
    {
        Tier.Head => 3,
        Tier.Waist => 2,
        _ => member.Churn.Days.Count > 0 ? 2 : 1,
    };
}
