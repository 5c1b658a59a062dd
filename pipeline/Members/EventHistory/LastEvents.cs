using Streaming.Members.Effects;

namespace Streaming.Members.EventHistory;

/// <summary>Remembers a member's last events, so that whoever looks at a member sees what it did and what that was worth.</summary>
/// <remarks>A repeated event does not come here: the duplicate windows stop it. No rule uses them; they are only shown.</remarks>
public static class LastEvents
{
    private const double Thousandths = 1000;

    /// <summary>One event of the member. Comes after all others, whose effects say what it was worth.</summary>
    public static void OnEvent(ref Turn turn)
    {
        var e = turn.Event;
        turn.Member.LastEvents.Add(new LastEvent(
            turn.At,
            PointsOf(turn.Effects),
            turn.Moved.Amount,
            turn.Moved.Amount == 0 ? 0 : turn.Moved.Currency,
            (int)Math.Round(turn.Rules.Score.Weight(e.Kind) * Thousandths),
            e.Kind,
            e.Rating));
    }

    private static long PointsOf(ReadOnlySpan<Effect> effects)
    {
        long points = 0;
        foreach (ref readonly var effect in effects)
        {
            if (effect.Kind != EffectKind.PointsExpired) points += effect.Points;
        }

        return points;
    }
}
