using Streaming.Members.Effects;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>The tiers base, waist and head: up at an event, down at an event or at the millisecond the score has decayed.</summary>
public static class Tiers
{
    /// <summary>One event of the member.</summary>
    internal static void OnEvent(ref Turn turn)
    {
        ref var state = ref turn.Member.Lifecycle;
        var tier = TierOf(turn.Member, turn.Rules, turn.Member.Score.Total);
        if (tier != state.Tier) Enter(ref turn, tier, turn.Cause);
    }

    /// <summary>When decay takes the tier away, or <see cref="Member.Never"/>.</summary>
    internal static long Due(Member member, RuleSet rules)
    {
        var tier = member.Lifecycle.Tier;
        if (tier <= Tier.Base) return Member.Never;
        var tiers = rules.Lifecycle.Tiers;
        var (score, spending) = tier == Tier.Head ? (tiers.HeadScore, tiers.HeadSpending) : (tiers.WaistScore, tiers.WaistSpending);
        if (tiers.Worth(member.Spending, rules.Money) >= spending) return Member.Never;
        return Score.FallsBelow(member.Score, rules.Score, member.Score.Total, score * rules.Lifecycle.Keeps);
    }

    /// <summary>The score may have decayed.</summary>
    internal static void OnWake(ref Turn turn)
    {
        if (Due(turn.Member, turn.Rules) > turn.At) return;
        ref var state = ref turn.Member.Lifecycle;
        var tier = TierOf(turn.Member, turn.Rules, Score.At(turn.Member.Score, turn.Rules.Score, turn.At));
        Enter(ref turn, tier, turn.Period("tier"u8, state.TierSequence));
    }

    private static Tier TierOf(Member member, RuleSet all, double score)
    {
        var rules = all.Lifecycle;
        var has = member.Lifecycle.Tier;
        var tiers = rules.Tiers;
        var worth = tiers.Worth(member.Spending, all.Money);
        if (worth >= tiers.HeadSpending || score >= tiers.HeadScore * (has >= Tier.Head ? rules.Keeps : 1)) return Tier.Head;
        return worth >= tiers.WaistSpending || score >= tiers.WaistScore * (has >= Tier.Waist ? rules.Keeps : 1) ? Tier.Waist : Tier.Base;
    }

    private static void Enter(ref Turn turn, Tier tier, Text cause)
    {
        var member = turn.Member;
        ref var state = ref member.Lifecycle;
        ref var change = ref turn.Emit(EffectKind.TierChanged, tier.Rule(), cause);
        change.From = state.Tier.Name();
        change.To = tier.Name();
        change.Because("score", Score.At(member.Score, turn.Rules.Score, turn.At));
        change.Because("spending", turn.Rules.Money.InBase(turn.Rules.Lifecycle.Tiers.Worth(member.Spending, turn.Rules.Money)));
        state.Tier = tier;
        state.TierSequence = change.Sequence;
    }
}
