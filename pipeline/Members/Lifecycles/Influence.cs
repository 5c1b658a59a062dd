using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Scoring;

namespace Streaming.Members.Lifecycles;

/// <summary>Key opinion consumers: who is liked, shared and answered. The member that likes sends a signal to the author, who counts it; it
/// is not passed on further.</summary>
/// <remarks>Influence is the score's sum of signals, with the same half-life.</remarks>
public static class Influence
{
    /// <summary>What a <see cref="EffectKind.Tell"/> effect says: it arrives at the author as
    /// <see cref="EventKind.Appreciated"/>.</summary>
    public const string Appreciated = "appreciated";

    private const string SignalRule = "lifecycle.influence";
    private const string KocRule = "lifecycle.kocInfluence";
    private const string Koc = "koc";

    /// <summary>One event of the member, as the one who likes or the one who is liked.</summary>
    internal static void OnEvent(ref Turn turn)
    {
        var e = turn.Event;
        switch (e.Kind)
        {
            case EventKind.Like or EventKind.Share or EventKind.Reply or EventKind.Reaction:
                if (e.Author.IsEmpty || e.Author == turn.Member.Id) return;
                ref var tell = ref turn.Emit(EffectKind.Tell, SignalRule);
                tell.To = Appreciated;
                tell.Subject = turn.Keep(e.Author.Span);
                return;
            case EventKind.Appreciated:
                ref var state = ref turn.Member.Lifecycle;
                if (!state.IsKoc && Of(ref turn) is var influence && influence >= turn.Rules.Lifecycle.KocInfluence)
                    Enter(ref turn, true, turn.Cause, influence);
                return;
        }
    }

    /// <summary>When decay ends the key-opinion-consumer status, or <see cref="Member.Never"/>.</summary>
    internal static long Due(Member member, RuleSet rules) => !member.Lifecycle.IsKoc
        ? Member.Never
        : Score.FallsBelow(member.Score, rules.Score, member.Score[Topic.Signals],
            rules.Lifecycle.KocInfluence * rules.Lifecycle.KeepFactor);

    /// <summary>The influence may have decayed.</summary>
    internal static void OnWake(ref Turn turn)
    {
        if (Due(turn.Member, turn.Rules) > turn.At) return;
        Enter(ref turn, false, turn.Period("koc"u8, turn.Member.Lifecycle.KocSequence), Of(ref turn));
    }

    /// <summary>Other rules are in force; a status that was due to end under the old rules is left to its wake.</summary>
    internal static void Settle(ref Turn turn, RuleSet from)
    {
        var (rules, has) = (turn.Rules.Lifecycle, turn.Member.Lifecycle.IsKoc);
        if (Due(turn.Member, from) <= turn.At) return;
        var influence = Of(ref turn);
        if (influence >= rules.KocInfluence * (has ? rules.KeepFactor : 1) == has) return;
        Enter(ref turn, !has, turn.RulesCause(), influence).Ordinal = (int)turn.Member.Sequence;
    }

    private static double Of(ref Turn turn) => Score.At(turn.Member.Score, turn.Rules.Score, turn.Moment, Topic.Signals);

    private static ref Effect Enter(ref Turn turn, bool isKoc, Text cause, double influence)
    {
        ref var state = ref turn.Member.Lifecycle;
        ref var change = ref turn.Tell(EffectKind.TierChanged, KocRule, cause);
        change.From = isKoc ? null : Koc;
        change.To = isKoc ? Koc : null;
        change.Because("influence", influence);
        change.Because("threshold", turn.Rules.Lifecycle.KocInfluence);
        state.IsKoc = isKoc;
        state.KocSequence = isKoc ? change.Sequence : 0;
        return ref change;
    }
}
