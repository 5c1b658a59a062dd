using Streaming.Members.Amounts;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Orders;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>What orders earn: points and growth value for the money that stays, rounded down once for the whole order.</summary>
/// <remarks>
/// Each payment credits, and each refund takes back, the difference to that amount. So partial payments add up exactly, and a refund never
/// takes more than was credited. Points that have expired are not taken back. An order keeps the terms of its first payment.
/// </remarks>
internal static class OrderPoints
{
    private const string Refund = "points.refund";
    private const string NoRule = "points.currency";
    private const string Kept = "points.order";

    /// <summary>One purchase event, after <see cref="Spending"/>.</summary>
    public static void OnEvent(ref Turn turn)
    {
        if (turn.Event.Kind == EventKind.Paid) OnPaid(ref turn);
        else OnReturned(ref turn);
    }

    private static void OnPaid(ref Turn turn)
    {
        ref var order = ref turn.Member.Orders[turn.Order];
        var rule = turn.Rules.Points.For(order.Currency, turn.Rules.Money);
        if (turn.OrderBefore.Paid == 0 || !order.Terms.Known) order.Terms = rule?.Terms(order.Currency, turn.Rules.Money) ?? default;
        if (!order.Terms.Known)
        {
            Withhold(ref turn, order.Currency);
            return;
        }

        var points = Math.Max(0, order.Terms.Points(order.Net) - order.Points);
        var growth = Math.Max(0, order.Terms.Growth(order.Net) - order.Growth);
        if (points == 0 && growth == 0) return;
        ref var effect = ref Points.Earn(ref turn, rule?.Path ?? Kept, ref points, ref growth, out var day);
        Keep(ref turn.Member.Orders, ref order, points, day);
        order.Growth += growth;
        effect.To = turn.Rules.Money.NameOf(order.Currency);
        Explain(ref effect, turn.Moved, order);
        effect.Because("pointsPerUnit", order.Terms.PointsPerUnit / (double)Currencies.Unit);
        if (order.Terms.Rate != Currencies.Unit) effect.Because("rate", order.Terms.Rate / (double)Currencies.Unit);
        effect.Because("growth", growth);
    }

    private static void OnReturned(ref Turn turn)
    {
        ref var order = ref turn.Member.Orders[turn.Order];
        var points = Math.Max(0, order.Points - order.Terms.Points(order.Net));
        var growth = Math.Max(0, order.Growth - order.Terms.Growth(order.Net));
        if (points == 0 && growth == 0) return;

        Points.Expire(ref turn);
        ref var state = ref turn.Member.Points;
        var there = TakeBack(ref turn.Member.Orders.Days, ref order, ref state, points);
        turn.Member.Growth.Take(growth);
        order.Growth -= growth;
        ref var effect = ref turn.Emit(EffectKind.PointsReversed, Refund);
        effect.Points = -there;
        effect.Value = state.Balance - state.Owed;
        effect.Reason = points > 0 && there == 0 ? "expired" : turn.Event.Kind.Name();
        effect.To = turn.Rules.Money.NameOf(order.Currency);
        Explain(ref effect, turn.Moved, order);
        effect.Because("growth", -growth);
        if (there != points) effect.Because("expired", points - there);
    }

    // Remembers which lot an order's points went to.
    private static void Keep(ref OrdersState orders, ref Order order, long points, int day)
    {
        if (order.Points == 0) order.Day = day;
        if (points > 0 && day < order.Day) orders.Days.Add(order.Key, day, points);
        if (points > 0 && day > order.Day)
        {
            var latest = order.Points - orders.Days.Of(order.Key);
            if (latest > 0) orders.Days.Add(order.Key, order.Day, latest);
            order.Day = day;
        }

        order.Points += points;
    }

    // Takes points of an order back, the latest first; says how many of them have not expired.
    private static long TakeBack(ref OrderDays days, ref Order order, ref PointsState state, long points)
    {
        var left = Math.Min(points, order.Points - days.Of(order.Key));
        var there = state.TakeBack(order.Day, left);
        order.Points -= points;
        for (left = points - left; left > 0;)
        {
            var taken = days.Take(order.Key, left, out var day);
            there += state.TakeBack(day, taken);
            left -= taken;
        }

        return there;
    }

    private static void Withhold(ref Turn turn, int currency)
    {
        if (turn.Moved.Amount == 0 || turn.Rules.Points.Purchases.Count == 0 || !turn.Member.Spending.Tell(currency)) return;
        ref var effect = ref turn.Emit(EffectKind.PointsWithheld, NoRule);
        effect.Value = turn.Member.Points.Balance - turn.Member.Points.Owed;
        effect.Reason = "currency-without-rule";
        effect.To = turn.Rules.Money.NameOf(currency);
        effect.Because("amount", turn.Moved);
    }

    private static void Explain(ref Effect effect, Money moved, in Order order)
    {
        effect.Because("amount", moved);
        if (order.Net != moved.Amount) effect.Because("stays", new Money(order.Net, order.Currency));
    }
}
