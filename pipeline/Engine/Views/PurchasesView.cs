using Streaming.Members.Amounts;
using Streaming.Members.Orders;

namespace Streaming.Engine.Views;

/// <summary>What a member bought.</summary>
/// <param name="Paid">Payments.</param>
/// <param name="Refunded">Refunds.</param>
/// <param name="Cancelled">Cancellations.</param>
/// <param name="Spent">What was paid less what came back, by currency, with its decimals.</param>
public sealed record PurchasesView(long Paid, long Refunded, long Cancelled, IReadOnlyDictionary<string, decimal> Spent)
{
    internal static PurchasesView Of(in SpendingState spending)
    {
        var spent = new Dictionary<string, decimal>();
        for (var i = 0; i < spending.Count; i++)
            spent[Currencies.Name(spending[i].Currency)] = Currencies.Amount(spending[i].Currency, spending[i].Net);
        return new PurchasesView(spending.Paid, spending.Refunded, spending.Cancelled, spent);
    }
}
