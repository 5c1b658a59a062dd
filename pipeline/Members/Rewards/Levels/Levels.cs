using Streaming.Members.Effects;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards;

/// <summary>Levels by growth value. A change of the rules may move a level either way; the world is told with the member's next event.</summary>
public static class Levels
{
    /// <summary>One event of the member, after everything that it earned.</summary>
    public static void OnEvent(ref Turn turn)
    {
        ref var state = ref turn.Member.Growth;
        var levels = turn.Rules.Levels;
        var reached = levels.Reached(state.Growth);
        var level = levels[reached];
        state.Level = (byte)(reached + 1);
        if (state.Told == level.Key) return;

        var before = levels.Find(state.Told);
        var first = state.Told == 0;
        state.Told = level.Key;
        if (first && reached == 0) return;

        ref var effect = ref turn.Emit(EffectKind.LevelChanged, level.Path);
        effect.Value = state.Level;
        effect.From = before?.Name;
        effect.To = level.Name;
        effect.Because("growth", state.Growth);
        effect.Because("threshold", level.Growth);
        if (reached + 1 < levels.Count) effect.Because("next", levels[reached + 1].Growth);
    }

    /// <summary>Gives the member its level under new rules.</summary>
    public static void Settle(Member member, RuleSet rules)
    {
        if (member.Growth.Level > 0) member.Growth.Level = (byte)(rules.Levels.Reached(member.Growth.Growth) + 1);
    }
}
