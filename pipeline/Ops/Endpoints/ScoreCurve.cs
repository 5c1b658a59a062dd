using Streaming.Members;
using Streaming.Members.Rules;
using Streaming.Members.Scoring;

namespace Streaming.Ops.Endpoints;

/// <summary>A member's score from now on if nothing more happens: by the core's own decay, up to 25 % beyond its next alert, and for two
/// half-lives at least.</summary>
internal static class ScoreCurve
{
    private const int Points = 96;
    private const double PastDue = 1.25;
    private const double HalfLives = 2;
    private const long Day = 86_400_000;

    /// <summary>Pairs of epoch milliseconds and score.</summary>
    public static IReadOnlyList<double[]> Of(Member member, RuleSet rules, long now)
    {
        var until = now + (long)(HalfLives * rules.Score.HalfLifeDays * Day);
        if (member.AlertDue > now && member.AlertDue != Member.Never)
        {
            until = Math.Max(until, now + (long)((member.AlertDue - now) * PastDue));
        }
        return [.. Enumerable.Range(0, Points).Select(i => now + ((until - now) / (Points - 1) * i))
            .Select(at => new[] { at, Score.At(member.Score, rules.Score, at) })];
    }
}
