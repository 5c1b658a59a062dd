using Streaming.Members.Amounts;
using Streaming.Members.Events;
using Streaming.Members.Orders;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

public class SpendingTests
{
    [Fact]
    public void Each_currency_has_its_own_sum_in_the_order_of_first_use()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-02T12:00Z", 10, "EUR");
        life.Happens(EventKind.Paid, "2026-01-03T12:00Z", Of("o-1", 20, "CNY"));
        life.Pays("2026-01-04T12:00Z", 5, "EUR");
        life.Happens(EventKind.Refunded, "2026-01-05T12:00Z", Of("o-1", 8, "CNY"));
        Assert.Equal([("EUR", 150_000), ("CNY", 120_000)], Sums(life));
    }

    [Fact]
    public void A_payment_in_a_currency_beyond_the_limit_is_refused()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < SpendingState.MaxCurrencies; i++) life.Pays("2026-01-02T12:00Z", 1, $"AA{(char)('A' + i)}");
        Assert.Equal(Verdict.CurrenciesFull, life.At(3, EventKind.Paid, Of("o-1", 1, "ZZZ")));
        Assert.Equal(Verdict.Applied, life.At(3, EventKind.Paid, Of("o-1", 1, "AAA")));
        Assert.Equal(SpendingState.MaxCurrencies + 1, life.Member.Spending.Paid);
        Assert.Equal([20_000, .. Enumerable.Repeat(10_000L, SpendingState.MaxCurrencies - 1)], Sums(life).Select(sum => sum.Net));
    }

    [Fact]
    public void A_sum_saturates_at_the_end_of_its_range()
    {
        var life = new MemberTimeline();
        for (var i = 0; i < 3; i++)
        {
            life.At(i, EventKind.Paid, e =>
            {
                e.Amount = long.MaxValue;
                e.Currency = Text.From("EUR");
            });
        }

        Assert.Equal([("EUR", long.MaxValue)], Sums(life));
    }

    private static (string Currency, long Net)[] Sums(MemberTimeline life)
    {
        var spending = life.Member.Spending;
        return [.. Enumerable.Range(0, spending.Count).Select(i => (Currencies.Name(spending[i].Currency), spending[i].Net))];
    }
}
