using Streaming.Members.Effects;
using Streaming.Members.Events;

namespace Streaming.Members.Rewards.Achievements;

/// <summary>Badges: earned once, kept for ever. Towards one that is not earned yet, an order
/// counts that was paid for and has not come back as a whole.</summary>
public static class Badges
{
    /// <summary>One event of the member, after its streak is known.</summary>
    public static void OnEvent(ref Turn turn)
    {
        ref var state = ref turn.Member.Badges;
        var rules = turn.Rules.Badges;
        var kind = turn.Event.Kind;
        if (kind.Topic() == Topic.Purchases) OnOrder(ref turn);
        if (kind != EventKind.Paid)
        {
            foreach (var badge in rules.For(kind)) Come(ref turn, badge, 1);
        }

        if (kind != turn.Rules.Streaks.Event) return;
        foreach (var badge in rules.OfStreaks)
        {
            if (!state.Has(badge.Number) && turn.Member.Streak.Longest >= badge.Streak) Earn(ref turn, badge, turn.Member.Streak.Longest);
        }
    }

    private static void OnOrder(ref Turn turn)
    {
        var before = turn.OrderBefore;
        ref readonly var after = ref turn.Member.Orders[turn.Order];
        foreach (var badge in turn.Rules.Badges.For(EventKind.Paid)) Come(ref turn, badge, badge.Step(before, after, turn.Rules.Money));
    }

    private static void Come(ref Turn turn, BadgeRule badge, long step)
    {
        ref var state = ref turn.Member.Badges;
        if (step == 0 || state.Has(badge.Number)) return;
        if (state.Advance(badge.Number, step) is var progress && progress >= badge.Goal) Earn(ref turn, badge, progress);
    }

    private static void Earn(ref Turn turn, BadgeRule badge, long progress)
    {
        turn.Member.Badges.Earn(badge.Number);
        ref var effect = ref turn.Emit(EffectKind.BadgeEarned, badge.Path);
        effect.Value = badge.Number;
        effect.To = badge.Name;
        if (badge.Spend > 0)
        {
            effect.Because("reached", badge.Of(progress, turn.Rules.Money));
            effect.Because("goal", badge.Of(badge.Goal, turn.Rules.Money));
            return;
        }

        effect.Because("reached", progress);
        effect.Because("goal", badge.Streak > 0 ? badge.Streak : badge.Goal);
    }
}
