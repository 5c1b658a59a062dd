using Streaming.Members.Amounts;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Members.EventHistory;

/// <summary>One of a member's last events as operators see it.</summary>
/// <param name="Topic">Topic it came on.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When it happened.</param>
/// <param name="Score">What it added to its topic's score at its own time; of <c>signals</c> to the influence.</param>
/// <param name="Points">Points it credited, or took (negative).</param>
/// <param name="Amount">purchase: what was paid or came back, absent without one.</param>
/// <param name="Currency">purchase: the amount's currency, absent without one.</param>
/// <param name="Rating">chat: 1 to 5, absent without one.</param>
public sealed record LastEventView(string Topic, string Kind, string? At, double Score, long Points, decimal? Amount, string? Currency,
    int? Rating)
{
    /// <summary>The views of a member's last events, newest first.</summary>
    internal static IReadOnlyList<LastEventView> Of(in LastEventsState state)
    {
        var views = new List<LastEventView>();
        for (var i = state.Count - 1; i >= 0; i--) views.Add(Of(state[i]));
        return views;
    }

    private static LastEventView Of(in LastEvent e) => new(
        e.Kind.Topic().ToString().ToLowerInvariant(),
        e.Kind.Name(),
        Time.Text(e.At),
        e.Weight / 1000.0,
        e.Points,
        e.Amount == 0 ? null : Currencies.Amount(e.Currency, e.Amount),
        e.Amount == 0 ? null : Currencies.Name(e.Currency),
        e.Rating == 0 ? null : e.Rating);
}
