using Streaming.Members.Arithmetic;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members.Scoring;

/// <summary>The engagement score: a sum of weights, each halving every half-life since its event.</summary>
/// <remarks>
/// Exact in constant time: <c>s ← s·2^(−Δt/h) + w</c>, and an event that is late by L adds <c>w·2^(−L/h)</c>, so that the order of
/// events changes the sum by rounding only (relative error about 1e-14; 1e-9 is guaranteed).
/// </remarks>
public static class Score
{
    /// <summary>Bins per doubling of the score.</summary>
    public const int BinsPerOctave = 4;

    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        var kind = turn.Event.Kind;
        var weight = turn.Rules.Score.Weight(kind);
        if (weight == 0) return;

        ref var score = ref turn.Member.Score;
        var halfLife = turn.Rules.Score.HalfLife;
        if (turn.At > score.At)
        {
            if (score.At != 0) score.Scale(Numerics.Exp2((score.At - turn.At) / halfLife));
            score.At = turn.At;
        }
        else if (turn.At < score.At)
        {
            weight *= Numerics.Exp2((turn.At - score.At) / halfLife);
        }

        score.Add(kind.Topic(), weight);
        score.Bin = BinOf(score, halfLife);
    }

    /// <summary>The score at an instant; before the latest event, the score that event left.</summary>
    /// <param name="score">The state.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="at">Epoch milliseconds.</param>
    public static double At(in ScoreState score, ScoreRules rules, long at) => score.Total * Decay(score, rules, at);

    /// <summary>One topic's part of the score at an instant.</summary>
    public static double At(in ScoreState score, ScoreRules rules, long at, Topic channel) => score[channel] * Decay(score, rules, at);

    /// <summary>The first millisecond at which a sum has decayed below a level, with no further event.</summary>
    /// <param name="score">The state, whose instant the sum is of.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="sum">The sum as of <see cref="ScoreState.At"/>.</param>
    /// <param name="level">A level &gt; 0.</param>
    internal static long FallsBelow(in ScoreState score, ScoreRules rules, double sum, double level)
    {
        if (sum < level) return score.At;
        return score.At + (long)Math.Ceiling(rules.HalfLife * Numerics.Log2(sum / level)) + 1;
    }

    /// <summary>Brings the sums to the member's clock under the old half-life when the new one differs.</summary>
    internal static void Settle(Member member, RuleSet from, RuleSet to)
    {
        ref var score = ref member.Score;
        if (score.At == 0 || from.Score.HalfLife == to.Score.HalfLife) return;
        if (member.Now > score.At)
        {
            score.Scale(Numerics.Exp2((score.At - member.Now) / from.Score.HalfLife));
            score.At = member.Now;
        }

        score.Bin = BinOf(score, to.Score.HalfLife);
    }

    private static double Decay(in ScoreState score, ScoreRules rules, long at) =>
        at <= score.At ? 1 : Numerics.Exp2((score.At - at) / rules.HalfLife);

    // The rough logarithm decides but for scores so near to a bin's end that it might err: about one in 250.
    private static int BinOf(in ScoreState score, double halfLife)
    {
        const double Unsure = 1.0 / 512; // of a bin; the rough logarithm errs by less than a quarter of it
        var total = score.Total;
        if (!(total > 0)) return int.MinValue;
        var age = score.At / halfLife;
        var rough = BinsPerOctave * (Numerics.RoughLog2(total) + age);
        var bin = Math.Floor(rough);
        if (!double.IsNormal(total) || rough - bin is < Unsure or > 1 - Unsure)
        {
            bin = Math.Floor(BinsPerOctave * (Numerics.Log2(total) + age));
        }
        return (int)bin;
    }
}
