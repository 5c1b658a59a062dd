using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Scoring;

namespace Streaming.Members.Lifecycles;

/// <summary>The lifecycle: awareness → interest → engagement → conversion → loyalty;
/// dormant and lapsed by silence; recovered on return.</summary>
/// <remarks>
/// The score leads from awareness to engagement (and back to interest, with hysteresis, at the millisecond it has decayed), Purchases lead
/// further and are never lost. Silence overrides the score: dormant and lapsed fall due by the clock, and a member that returns is
/// recovered for some days first. Everything is judged by the score as decayed to <see cref="Turn.Moment"/>, whether or not the event
/// weighs anything.
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

    /// <summary>When silence, decay or time next moves the stage, the tier or the key opinion consumer, or
    /// <see cref="Member.Never"/>.</summary>
    public static long Due(Member member, RuleSet rules) =>
        Math.Min(Math.Min(SilenceDue(member, rules), EndDue(member, rules)),
            Math.Min(Tiers.Due(member, rules), Influence.Due(member, rules)));

    /// <summary>The silence has lasted, or the score decayed, long enough.</summary>
    public static void OnWake(ref Turn turn)
    {
        var member = turn.Member;
        ref var state = ref member.Lifecycle;
        if (SilenceDue(member, turn.Rules) <= turn.At)
        {
            Enter(ref turn, state.Stage == Stage.Dormant ? Stage.Lapsed : Stage.Dormant, turn.Silence(), null);
        }
        else if (EndDue(member, turn.Rules) <= turn.At)
        {
            Enter(ref turn, Funnel(ref turn), turn.Period("stage"u8, state.StageSequence), null);
        }

        Tiers.OnWake(ref turn);
        Influence.OnWake(ref turn);
    }

    /// <summary>Other rules are in force. What was overdue under the old ones is left to its wake.</summary>
    internal static void Settle(ref Turn turn, RuleSet from)
    {
        Influence.Settle(ref turn, from);
        var member = turn.Member;
        if (member.Lifecycle.Stage is Stage.None) return;
        if (member.Lifecycle.Stage < Stage.Dormant && EndDue(member, from) > turn.At && Funnel(ref turn) is var stage
            && stage != member.Lifecycle.Stage)
        {
            Enter(ref turn, stage, turn.RulesCause(), "rules").Ordinal = (int)member.Sequence;
        }

        Tiers.Settle(ref turn, from);
    }

    private static long SilenceDue(Member member, RuleSet rules)
    {
        if (member.LastActive == 0) return Member.Never;
        return member.Lifecycle.Stage switch
        {
            Stage.None or Stage.Lapsed => Member.Never,
            Stage.Dormant => member.LastActive + Time.Days(rules.Lifecycle.LapsedDays),
            _ => member.LastActive + Time.Days(rules.Lifecycle.DormantDays),
        };
    }

    // Stages that end by themselves: engagement with the score that gave it, recovery with its days.
    private static long EndDue(Member member, RuleSet rules) => member.Lifecycle.Stage switch
    {
        Stage.Engagement => Score.FallsBelow(member.Score, rules.Score, member.Score.Total,
            rules.Lifecycle.EngagementScore * rules.Lifecycle.KeepFactor),
        Stage.Recovered => member.Lifecycle.StageSince + Time.Days(rules.Lifecycle.RecoveredDays),
        _ => Member.Never,
    };

    private static void MoveStage(ref Turn turn)
    {
        ref var state = ref turn.Member.Lifecycle;
        switch (state.Stage)
        {
            case Stage.Dormant or Stage.Lapsed when turn.EndedSilence < 0:
                return;
            case Stage.Dormant or Stage.Lapsed when turn.At >= state.StageSince:
                Enter(ref turn, Stage.Recovered, turn.Cause, "returned");
                return;
            case Stage.Dormant or Stage.Lapsed:
                // A late event shows that the member was not silent.
                Enter(ref turn, Funnel(ref turn), turn.Cause, "late-event");
                return;
            case Stage.Recovered when !BuysAgain(ref turn) && turn.Moment < EndDue(turn.Member, turn.Rules):
                return;
        }

        var stage = Funnel(ref turn);
        if (stage != state.Stage) Enter(ref turn, stage, turn.Cause, null);
    }

    private static bool BuysAgain(ref Turn turn) => turn.Event.Kind == EventKind.Paid && turn.At >= turn.Member.Lifecycle.StageSince;

    private static Stage Funnel(ref Turn turn)
    {
        var member = turn.Member;
        var rules = turn.Rules.Lifecycle;
        if (member.Churn.Days.Count >= rules.LoyaltyPurchaseDays) return Stage.Loyalty;
        if (member.Churn.Days.Count > 0) return Stage.Conversion;
        var stage = member.Lifecycle.Stage;
        var score = Score.At(member.Score, turn.Rules.Score, turn.Moment);
        if (score >= rules.EngagementScore * (stage == Stage.Engagement ? rules.KeepFactor : 1)) return Stage.Engagement;
        return score >= rules.InterestScore || stage is Stage.Interest or Stage.Engagement ? Stage.Interest : Stage.Awareness;
    }

    private static ref Effect Enter(ref Turn turn, Stage stage, Text cause, string? reason)
    {
        var member = turn.Member;
        ref var state = ref member.Lifecycle;
        var from = state.Stage;
        state.Stage = stage;
        state.StageSince = turn.Moment;
        ref var change = ref turn.Tell(EffectKind.StageChanged, stage.Rule(), cause);
        state.StageSequence = stage is Stage.Engagement or Stage.Recovered ? change.Sequence : 0;
        change.From = from.Name();
        change.To = stage.Name();
        change.Reason = reason;
        change.Because("score", Score.At(member.Score, turn.Rules.Score, turn.Moment));
        change.Because("purchaseDays", member.Churn.Days.Count);
        if (turn.SilenceDays is { } silence) change.Because("silenceDays", silence);
        return ref change;
    }
}
