using Streaming.Members.Effects;
using Streaming.Members.Rewards.PointsAccount;

namespace Streaming.Members.Rewards.CheckIns;

/// <summary>Daily streaks in the member's own time zone.</summary>
/// <remarks>
/// A late day is inserted if it lies after the second newest day, so that events up to a day out of order give the same streak as in order.
/// Older days change nothing. A milestone that was given is not taken back.
/// </remarks>
public static class Streaks
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        var rules = turn.Rules.Streaks;
        if (turn.Event.Kind != rules.Event) return;

        ref var state = ref turn.Member.Streak;
        var day = turn.Member.Profile.Zone.DayAt(turn.At);
        if (state.Length == 0 || day > state.Day)
        {
            state.Before = state.Run;
            state.Run = state.Run.With(day, rules.Freezes);
        }
        else if (day < state.Day && (state.Before.Length == 0 || day > state.Before.Day))
        {
            Insert(ref turn, ref state, day, rules);
        }
        else
        {
            return;
        }

        Reward(ref turn, ref state.Run, rules);
    }

    // Recomputes the streak as if this day had come before the newest. Milestones already rewarded stay rewarded.
    private static void Insert(ref Turn turn, ref StreaksState state, int day, StreaksRules rules)
    {
        var newest = state.Run;
        state.Before = state.Before.With(day, rules.Freezes);
        if (newest.Length > 1) state.Before = state.Before.Rewarding(newest.Rewarded);
        Reward(ref turn, ref state.Before, rules);
        state.Run = state.Before.With(newest.Day, rules.Freezes).Rewarding(newest.Rewarded);
    }

    private static void Reward(ref Turn turn, ref StreakRun run, StreaksRules rules)
    {
        ref var state = ref turn.Member.Streak;
        state.Longest = Math.Max(state.Longest, run.Length);
        for (var i = 0; i < rules.Milestones.Count; i++)
        {
            var milestone = rules.Milestones[i];
            if (milestone.Days <= run.Rewarded || milestone.Days > run.Length) continue;
            run = run.Rewarding(milestone.Days);
            ref var effect = ref turn.Emit(EffectKind.StreakReached, milestone.Path);
            effect.Value = run.Length;
            effect.Because("days", milestone.Days);
            effect.Because("longest", state.Longest);
            effect.Because("points", milestone.Points);
            if (milestone.Points > 0 || milestone.Growth > 0)
            {
                Points.Earn(ref turn, milestone.Path, milestone.Points, milestone.Growth).Because("growth", milestone.Growth);
            }
        }
    }
}
