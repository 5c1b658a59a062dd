using Streaming.Members;
using Streaming.Members.Amounts;
using Streaming.Members.EventHistory;
using Streaming.Members.Events;

namespace Streaming.Engine.Views;

/// <summary>One of a member's last events as operators see it.</summary>
public sealed record LastEventView
{
    /// <summary>Topic it came on.</summary>
    public required string Topic { get; init; }

    /// <summary>What happened.</summary>
    public required string Kind { get; init; }

    /// <summary>When it happened.</summary>
    public required string? At { get; init; }

    /// <summary>What it added to its topic's score at its own time; of <c>signals</c> to the influence.</summary>
    public required double Score { get; init; }

    /// <summary>Points it credited, or took (negative).</summary>
    public required long Points { get; init; }

    /// <summary>purchase: what was paid or came back, absent without one.</summary>
    public required decimal? Amount { get; init; }

    /// <summary>purchase: the amount's currency, absent without one.</summary>
    public required string? Currency { get; init; }

    /// <summary>chat: 1 to 5, absent without one.</summary>
    public required int? Rating { get; init; }

    /// <summary>The views of a member's last events, newest first.</summary>
    internal static IReadOnlyList<LastEventView> Of(in LastEventsState state)
    {
        var views = new List<LastEventView>();
        for (var i = state.Count - 1; i >= 0; i--) views.Add(Of(state[i]));
        return views;
    }

    private static LastEventView Of(in LastEvent e) => new()
    {
        Topic = e.Kind.Topic().ToString().ToLowerInvariant(),
        Kind = e.Kind.Name(),
        At = Time.Text(e.At),
        Score = e.Weight / 1000.0,
        Points = e.Points,
        Amount = e.Amount == 0 ? null : Currencies.Amount(e.Currency, e.Amount),
        Currency = e.Amount == 0 ? null : Currencies.Name(e.Currency),
        Rating = e.Rating == 0 ? null : e.Rating,
    };
}
