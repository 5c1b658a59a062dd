using Streaming.Members.Effects;

namespace Streaming.Members.Rewards.Growth;

/// <summary>Levels by growth value. A change of the rules may move a level either way.</summary>
public static class Levels
{
    /// <summary>One event of the member, after everything that it earned.</summary>
    public static void OnEvent(ref Turn turn)
    {
        if (UpdateLevel(turn.Member, turn.Rules.Levels)) Enter(ref turn, turn.Cause);
    }

    /// <summary>Other rules are in force.</summary>
    internal static void Settle(ref Turn turn)
    {
        if (turn.Member.Growth.Level == 0 || !UpdateLevel(turn.Member, turn.Rules.Levels)) return;
        Enter(ref turn, turn.RulesCause()).Ordinal = (int)turn.Member.Sequence;
    }

    // Sets the level's number. True when a change has to be told: another level was told last, or none and this is not the first level.
    private static bool UpdateLevel(Member member, LevelsRules levels)
    {
        ref var state = ref member.Growth;
        var reached = levels.Reached(state.Growth);
        state.Level = (byte)(reached + 1);
        if (state.Announced == 0 && reached == 0) state.Announced = levels[reached].Key;
        return state.Announced != levels[reached].Key;
    }

    private static ref Effect Enter(ref Turn turn, Text cause)
    {
        ref var state = ref turn.Member.Growth;
        var levels = turn.Rules.Levels;
        var reached = state.Level - 1;
        var level = levels[reached];
        ref var effect = ref turn.Tell(EffectKind.LevelChanged, level.Path, cause);
        effect.Value = state.Level;
        effect.From = levels.Find(state.Announced)?.Name;
        effect.To = level.Name;
        effect.Because("growth", state.Growth);
        effect.Because("threshold", level.Growth);
        if (reached + 1 < levels.Count) effect.Because("next", levels[reached + 1].Growth);
        state.Announced = level.Key;
        return ref effect;
    }
}
