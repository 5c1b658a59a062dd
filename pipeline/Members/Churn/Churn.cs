using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>The churn outlook: keeps the histories, raises one alert at a time the moment it falls due, clears it when the member is back.</summary>
/// <remarks>
/// An alert about silence is cleared by any activity of the member; one about a complaint by its resolution or a purchase, about a
/// refund by a purchase, about a rate drop by visits that are frequent again. Silence takes the place of an open alert about an event.
/// </remarks>
public static class Churn
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        ref var churn = ref turn.Member.Churn;
        var rules = turn.Rules.Churn;
        var kind = turn.Event.Kind;

        if (kind == EventKind.Paid) NotePurchase(ref churn, rules, turn.At);
        var newGap = turn.EndedSilence >= Time.Hour && NoteVisit(ref churn, rules, turn.EndedSilence);

        if (churn.Alert != AlertReason.None) ClearWhenBack(ref turn, churn, rules);

        switch (kind)
        {
            case EventKind.Complaint:
                RaiseForEvent(ref turn, AlertReason.Complaint);
                break;
            case EventKind.Refunded:
                RaiseForEvent(ref turn, AlertReason.Refund);
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
        if (churn.Alert.IsSilence()) return Member.Never;
        var rule = Outlook.RuleFor(member, rules.Churn);
        if (rule == AlertReason.None) return Member.Never;
        var due = Outlook.DueBy(rule, member, rules.Churn);
        return churn.SilenceAlertAt == 0 ? due : Math.Max(due, churn.SilenceAlertAt + Time.Days(rules.Churn.CooldownDays));
    }

    /// <summary>The silence has lasted long enough.</summary>
    public static void OnWake(ref Turn turn)
    {
        ref var churn = ref turn.Member.Churn;
        var silence = turn.Silence();
        if (churn.Alert != AlertReason.None) Clear(ref turn, "superseded", silence);

        var reason = Outlook.RuleFor(turn.Member, turn.Rules.Churn);
        ref var alert = ref turn.Emit(EffectKind.AlertRaised, reason.Rule(), silence);
        Explain(ref alert, ref turn, reason);
        churn.SilenceAlertAt = turn.At;
    }

    /// <summary>Solves the due time anew when the rules change.</summary>
    internal static void Settle(Member member, RuleSet to) => member.Churn.ModelDue = Outlook.SolveModel(member.Churn, to.Churn.Model);

    private static void NotePurchase(ref ChurnState churn, ChurnRules rules, long at)
    {
        churn.FirstPurchase = churn.FirstPurchase == 0 ? at : Math.Min(churn.FirstPurchase, at);
        churn.LastPurchase = Math.Max(churn.LastPurchase, at);
        churn.Days.Add(at);
        churn.ModelDue = Outlook.SolveModel(churn, rules.Model);
    }

    private static bool NoteVisit(ref ChurnState churn, ChurnRules rules, long silence)
    {
        if (silence < rules.Gaps.VisitHours * Time.Hour) return false;
        churn.Gaps.Add((double)silence / Time.Day, rules.RateDrop.Ratio);
        return true;
    }

    private static bool Dropped(in ChurnState churn, ChurnRules rules) =>
        churn.Gaps.Count >= rules.RateDrop.MinGaps && churn.Gaps.Latest >= rules.RateDrop.Ratio * churn.Gaps.Mean;

    private static void ClearWhenBack(ref Turn turn, in ChurnState churn, ChurnRules rules)
    {
        var kind = turn.Event.Kind;
        var why = churn.Alert switch
        {
            AlertReason.Complaint => kind == EventKind.Resolved ? "resolved" : kind == EventKind.Paid ? "purchase" : null,
            AlertReason.Refund => kind == EventKind.Paid ? "purchase" : null,
            AlertReason.RateDrop => churn.Gaps.Latest < rules.RateDrop.ClearRatio * churn.Gaps.Mean ? "recovered" : null,
            _ when turn.EndedSilence < 0 => null,
            _ => turn.At >= churn.SilenceAlertAt ? "returned" : "late-event",
        };
        if (why is not null) Clear(ref turn, why, turn.Cause);
    }

    private static void RaiseForEvent(ref Turn turn, AlertReason reason)
    {
        ref var churn = ref turn.Member.Churn;
        if (churn.Alert != AlertReason.None) return;
        if (churn.EventAlertAt != 0 && turn.At < churn.EventAlertAt + Time.Days(turn.Rules.Churn.CooldownDays)) return;

        ref var alert = ref turn.Emit(EffectKind.AlertRaised, reason.Rule());
        Explain(ref alert, ref turn, reason);
        churn.EventAlertAt = turn.At;
    }

    private static void Clear(ref Turn turn, string why, Text cause)
    {
        ref var churn = ref turn.Member.Churn;
        ref var cleared = ref turn.Emit(EffectKind.AlertCleared, churn.Alert.Rule(), cause);
        cleared.From = churn.Alert.Name();
        cleared.Reason = why;
        cleared.Value = churn.AlertSequence;
        churn.Alert = AlertReason.None;
    }

    private static void Explain(ref Effect alert, ref Turn turn, AlertReason reason)
    {
        var member = turn.Member;
        ref var churn = ref member.Churn;
        var rules = turn.Rules.Churn;
        var silence = (double)Math.Max(0, turn.At - member.LastActive) / Time.Day;

        churn.Alert = reason;
        churn.AlertSequence = alert.Sequence;
        alert.Reason = reason.Name();
        alert.Value = Severity(member);
        alert.To = alert.Value switch { 3 => "high", 2 => "medium", _ => "low" };
        alert.Because("silenceDays", silence);
        switch (reason)
        {
            case AlertReason.BuyerSilence:
                var history = Outlook.History(churn, rules.Model, turn.At);
                alert.Because("pAlive", rules.Model.Parameters.Alive(history));
                alert.Because("threshold", rules.Model.Threshold);
                alert.Because("x", history.Repeats);
                alert.Because("tx", history.Recency);
                alert.Because("T", history.Age);
                break;
            case AlertReason.Gap:
                alert.Because("phi", GapModel.Phi(silence, churn.Gaps.Mean, Outlook.Deviation(churn, rules)));
                alert.Because("threshold", rules.Gaps.Phi);
                alert.Because("meanGapDays", churn.Gaps.Mean);
                alert.Because("deviationDays", Outlook.Deviation(churn, rules));
                break;
            case AlertReason.Hiatus:
                alert.Because("threshold", rules.HiatusDays);
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
