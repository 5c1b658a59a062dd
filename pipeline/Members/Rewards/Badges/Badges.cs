using Streaming.Members.Effects;

namespace Streaming.Members.Rewards;

/// <summary>Badges: earned once, kept for ever.</summary>
public static class Badges
{
    /// <summary>One event of the member, after its streak is known.</summary>
    public static void OnEvent(ref Turn turn)
    {
        ref var state = ref turn.Member.Badges;
        var rules = turn.Rules.Badges;
        foreach (var badge in rules.For(turn.Event.Kind))
        {
            if (state.Has(badge.Number)) continue;
            var step = badge.Step(turn.Event);
            if (step > 0 && state.Advance(badge.Number, step) is var progress && progress >= badge.Goal) Earn(ref turn, badge, progress);
        }

        if (turn.Event.Kind != turn.Rules.Streaks.Event) return;
        foreach (var badge in rules.OfStreaks)
        {
            if (!state.Has(badge.Number) && turn.Member.Streak.Longest >= badge.Streak) Earn(ref turn, badge, turn.Member.Streak.Longest);
        }
    }

    private static void Earn(ref Turn turn, BadgeRule badge, long progress)
    {
        turn.Member.Badges.Earn(badge.Number);
        ref var effect = ref turn.Emit(EffectKind.BadgeEarned, badge.Path);
        effect.Value = badge.Number;
        effect.To = badge.Name;
        var scale = badge.Spend > 0 ? 10_000.0 : 1;
        effect.Because("reached", progress / scale);
        effect.Because("goal", (badge.Streak > 0 ? badge.Streak : badge.Goal) / scale);
    }
}
