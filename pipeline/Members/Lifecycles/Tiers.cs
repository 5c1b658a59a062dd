using Streaming.Members.Effects;
using Streaming.Members.Rules;
using Streaming.Members.Scoring;

namespace Streaming.Members.Lifecycles;

/// <summary>The tiers base, waist and head: up at an event, down at an event or at the millisecond the score has decayed.</summary>
public static class Tiers
{
    /// <summary>One event of the member.</summary>
    internal static void OnEvent(ref Turn turn)
    {
        ref var state = ref turn.Member.Lifecycle;
        var tier = TierOf(ref turn);
        if (tier != state.Tier) Enter(ref turn, tier, turn.Cause);
    }

    /// <summary>When the tier ends by decay of the score, or <see cref="Member.Never"/>.</summary>
    internal static long Due(Member member, RuleSet rules)
    {
        var tier = member.Lifecycle.Tier;
        if (tier <= Tier.Base) return Member.Never;
        if (BySpending(member, rules) >= tier) return Member.Never;
        var score = tier == Tier.Head ? rules.Lifecycle.Tiers.HeadScore : rules.Lifecycle.Tiers.WaistScore;
        return Score.FallsBelow(member.Score, rules.Score, member.Score.Total, score * rules.Lifecycle.KeepFactor);
    }

    /// <summary>The score may have decayed.</summary>
    internal static void OnWake(ref Turn turn)
    {
        if (Due(turn.Member, turn.Rules) > turn.At) return;
        ref var state = ref turn.Member.Lifecycle;
        Enter(ref turn, TierOf(ref turn), turn.Period("tier"u8, state.TierSequence));
    }

    /// <summary>Other rules are in force; a tier overdue under the old ones is left to its wake.</summary>
    internal static void Settle(ref Turn turn, RuleSet from)
    {
        ref var state = ref turn.Member.Lifecycle;
        state.BySpending = Tier.None;
        var overdue = Due(turn.Member, from) <= turn.At;
        state.BySpending = Tier.None;
        if (overdue || TierOf(ref turn) is var tier && tier == state.Tier) return;
        Enter(ref turn, tier, turn.RulesCause()).Ordinal = (int)turn.Member.Sequence;
    }

    private static Tier TierOf(ref Turn turn)
    {
        var member = turn.Member;
        var rules = turn.Rules.Lifecycle;
        var score = Score.At(member.Score, turn.Rules.Score, turn.Moment);
        var has = member.Lifecycle.Tier;
        var tiers = rules.Tiers;
        var spent = BySpending(member, turn.Rules);
        if (spent == Tier.Head || score >= tiers.HeadScore * (has >= Tier.Head ? rules.KeepFactor : 1)) return Tier.Head;
        return spent == Tier.Waist || score >= tiers.WaistScore * (has >= Tier.Waist ? rules.KeepFactor : 1) ? Tier.Waist : Tier.Base;
    }

    private static Tier BySpending(Member member, RuleSet rules)
    {
        ref var spent = ref member.Lifecycle.BySpending;
        if (spent != Tier.None) return spent;
        var tiers = rules.Lifecycle.Tiers;
        var worth = tiers.Worth(member.Spending, rules.Money);
        return spent = worth >= tiers.HeadSpending ? Tier.Head : worth >= tiers.WaistSpending ? Tier.Waist : Tier.Base;
    }

    private static ref Effect Enter(ref Turn turn, Tier tier, Text cause)
    {
        var member = turn.Member;
        ref var state = ref member.Lifecycle;
        var from = state.Tier;
        state.Tier = tier;
        ref var change = ref turn.Tell(EffectKind.TierChanged, tier.Rule(), cause);
        change.From = from.Name();
        change.To = tier.Name();
        change.Because("score", Score.At(member.Score, turn.Rules.Score, turn.Moment));
        change.Because("spending", turn.Rules.Money.InBase(turn.Rules.Lifecycle.Tiers.Worth(member.Spending, turn.Rules.Money)));
        state.TierSequence = change.Sequence;
        return ref change;
    }
}
