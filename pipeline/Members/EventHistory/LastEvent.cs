using Streaming.Members.Amounts;
using Streaming.Members.Events;

namespace Streaming.Members.EventHistory;

/// <summary>What a member remembers of one event: what it was, when, and what it was worth.</summary>
/// <param name="At">When it happened, epoch milliseconds.</param>
/// <param name="Points">Points it credited, or took (negative), by whatever rule; what expired meanwhile is not counted.</param>
/// <param name="Amount">purchase: what was paid or came back, ten-thousandths of <paramref name="Currency"/>'s unit; 0 = none.</param>
/// <param name="Currency">purchase with an amount: the currency's <see cref="Currencies.Code(ReadOnlySpan{byte})"/>.</param>
/// <param name="Weight">What it added to its topic's score at its own time, in thousandths.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Rating">chat: 1 to 5; 0 = none.</param>
public readonly record struct LastEvent(long At, long Points, long Amount, int Currency, int Weight, EventKind Kind, byte Rating);
