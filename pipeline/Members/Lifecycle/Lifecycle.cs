using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>The lifecycle: awareness → interest → engagement → conversion → loyalty; dormant and lapsed by silence; recovered on return.</summary>
/// <remarks>
/// The score leads from awareness to engagement (and back to interest, with hysteresis), purchases lead further and are not lost.
/// Silence overrides all of it: its stages fall due by the clock, and a member that comes back is recovered first.
/// </remarks>
public static class Lifecycle
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        Influence.OnEvent(ref turn);
        if (turn.Member.FirstSeen == 0) return;
        MoveStage(ref turn);
        Tiers.OnEvent(ref turn);
    }

    /// <summary>When silence or decay next moves the stage, the tier or the key opinion consumer, or <see cref="Member.Never"/>.</summary>
    public static long Due(Member member, RuleSet rules) =>
        Math.Min(StageDue(member, rules), Math.Min(Tiers.Due(member, rules), Influence.Due(member, rules)));

    /// <summary>The silence has lasted, or the score decayed, long enough.</summary>
    public static void OnWake(ref Turn turn)
    {
        var member = turn.Member;
        if (StageDue(member, turn.Rules) <= turn.At)
        {
            var next = member.Lifecycle.Stage == Stage.Dormant ? Stage.Lapsed : Stage.Dormant;
            Enter(ref turn, next, turn.Silence(), null);
        }

        Tiers.OnWake(ref turn);
        Influence.OnWake(ref turn);
    }

    private static long StageDue(Member member, RuleSet rules)
    {
        if (member.LastActive == 0) return Member.Never;
        return member.Lifecycle.Stage switch
        {
            Stage.None or Stage.Lapsed => Member.Never,
            Stage.Dormant => member.LastActive + Time.Days(rules.Lifecycle.LapsedDays),
            _ => member.LastActive + Time.Days(rules.Lifecycle.DormantDays),
        };
    }

    private static void MoveStage(ref Turn turn)
    {
        ref var state = ref turn.Member.Lifecycle;
        var rules = turn.Rules.Lifecycle;
        switch (state.Stage)
        {
            case Stage.Dormant or Stage.Lapsed when turn.EndedSilence < 0:
                return;
            case Stage.Dormant or Stage.Lapsed when turn.At >= state.StageSince:
                Enter(ref turn, Stage.Recovered, turn.Cause, "returned");
                return;
            case Stage.Dormant or Stage.Lapsed:
                // It was not silent after all: the event that shows it came late.
                Enter(ref turn, Funnel(turn.Member, rules), turn.Cause, "late-event");
                return;
            case Stage.Recovered when turn.Event.Kind != EventKind.Paid && turn.At < state.StageSince + Time.Days(rules.RecoveredDays):
                return;
        }

        var stage = Funnel(turn.Member, rules);
        if (stage != state.Stage) Enter(ref turn, stage, turn.Cause, null);
    }

    private static Stage Funnel(Member member, LifecycleRules rules)
    {
        var stage = member.Lifecycle.Stage;
        var score = member.Score.Total;
        if (member.Churn.Days.Count >= rules.LoyaltyPurchaseDays) return Stage.Loyalty;
        if (member.Churn.Days.Count > 0) return Stage.Conversion;
        if (score >= rules.EngagementScore * (stage == Stage.Engagement ? rules.Keeps : 1)) return Stage.Engagement;
        return score >= rules.InterestScore || stage is Stage.Interest or Stage.Engagement ? Stage.Interest : Stage.Awareness;
    }

    private static void Enter(ref Turn turn, Stage stage, Text cause, string? reason)
    {
        var member = turn.Member;
        ref var state = ref member.Lifecycle;
        ref var change = ref turn.Emit(EffectKind.StageChanged, stage.Rule(), cause);
        change.From = state.Stage.Name();
        change.To = stage.Name();
        change.Reason = reason;
        change.Because("score", Score.At(member.Score, turn.Rules.Score, turn.At));
        change.Because("purchaseDays", member.Churn.Days.Count);
        change.Because("silenceDays", (double)(turn.EndedSilence >= 0 ? turn.EndedSilence : Math.Max(0, turn.At - member.LastActive)) / Time.Day);
        state.Stage = stage;
        state.StageSince = turn.At;
    }
}
