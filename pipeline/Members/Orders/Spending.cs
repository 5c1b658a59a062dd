using Streaming.Members.Amounts;
using Streaming.Members.Deduplication;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Members.Orders;

/// <summary>Money of orders: what was paid, what came back, what stays; currency by currency, nothing is converted here.</summary>
/// <remarks>
/// Payments of an order add up. A refund, or a cancellation with an amount, gives back at most what was paid before it and has not come
/// back; a cancellation without an amount gives back all of that. What happened before counts, not what was read before: what comes late
/// is put where it belongs and the whole order is counted anew (<see cref="Movements"/>). In one millisecond the order of arrival decides.
/// An event with which more comes back than was there is refused for the surplus.
/// </remarks>
public static class Spending
{
    /// <summary>Decides whether a purchase event can be applied, or is a duplicate, too old to decide, or contradicts its order.</summary>
    /// <param name="member">The member; not changed but for the id of a payment that is told again under another.</param>
    /// <param name="e">The event.</param>
    /// <param name="identity">Its <see cref="Duplicates.Identity"/>.</param>
    internal static Verdict Admit(Member member, MemberEvent e, ulong identity)
    {
        ref var orders = ref member.Orders;
        if (orders.Knows(identity)) return Verdict.Duplicate;
        var key = KeyOf(e, identity);
        var at = orders.Find(key);
        if (at < 0 && e.At <= orders.Forgotten) return Verdict.TooLate;
        var currency = Currencies.Code(e.Currency.Span);
        if (e.Kind == EventKind.Paid && !member.Spending.Takes(currency)) return Verdict.CurrenciesFull;
        if (at < 0) return Verdict.Applied;

        ref readonly var order = ref orders[at];
        if (order.Marks + OrdersState.MarksOfEvent > OrdersState.MaxMarksOfOrder) return Verdict.OrderFull;
        if (order.Paid != 0 && currency != 0 && currency != order.Currency) return Verdict.CurrencyMismatch;
        if (e.Kind != EventKind.Paid || !IsKnown(orders, order, e)) return Verdict.Applied;
        Mark(ref orders, orders.Take(key, long.MinValue), identity);
        return Verdict.RepeatedPayment;
    }

    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        var e = turn.Event;
        if (e.Kind.Topic() != Topic.Purchases) return;

        ref var orders = ref turn.Member.Orders;
        turn.Order = orders.Take(KeyOf(e, turn.EventHash), turn.Now - Time.Days(turn.Rules.Orders.RememberDays));
        var alone = orders[turn.Order].Marks == 0;
        Mark(ref orders, turn.Order, turn.EventHash);
        if (e.Kind == EventKind.Paid && !alone) orders.Mark(turn.Order, Payment(orders[turn.Order], e.At, e.Amount));

        ref var order = ref orders[turn.Order];
        turn.OrderBefore = new OrderBefore(order.Paid, order.Net, order.Stands);
        turn.Member.Lifecycle.BySpending = Tier.None;
        order.Last = Math.Max(order.Last, turn.At);
        ref var spending = ref turn.Member.Spending;
        switch (e.Kind)
        {
            case EventKind.Paid:
                spending.Paid++;
                Pay(ref turn, ref order);
                break;
            case EventKind.Refunded:
                spending.Refunded++;
                GiveBack(ref turn, ref order, -e.Amount);
                break;
            case EventKind.Cancelled:
                spending.Cancelled++;
                GiveBack(ref turn, ref order, e.Amount == 0 ? Movement.Rest : -e.Amount);
                break;
        }
    }

    private static void Pay(ref Turn turn, ref Order order)
    {
        var e = turn.Event;
        var currency = Currencies.Code(e.Currency.Span);
        ref var movements = ref turn.Member.Orders.Movements;
        if (order.Paid == 0) WaitIn(ref movements, ref order, currency);
        else Tell(ref movements, order);

        var before = order.Net;
        order.Paid = SpendingState.Sum(order.Paid, e.Amount);
        order.PaidAt = Math.Max(order.PaidAt, turn.At);
        if (e.Amount != 0 && (before != 0 || order.PaidAt != turn.At || movements.Has(order.Key)))
        {
            movements.Add(new Movement(order.Key, turn.At, e.Amount));
            order.Returned = order.Paid - movements.Of(order.Key).Net;
        }

        turn.Moved = new Money(e.Amount, currency);
        if (order.Net != before || e.Amount != 0) turn.Member.Spending.Add(currency, order.Net - before);
    }

    private static void GiveBack(ref Turn turn, ref Order order, long amount)
    {
        ref var movements = ref turn.Member.Orders.Movements;
        if (order.Paid == 0) WaitIn(ref movements, ref order, Currencies.Code(turn.Event.Currency.Span));
        else Tell(ref movements, order);
        var before = movements.Of(order.Key);
        if (amount != 0) movements.Add(new Movement(order.Key, turn.At, amount));
        var after = movements.Of(order.Key);
        var back = before.Net - after.Net;
        if (back > 0) turn.Member.Spending.Add(order.Currency, -back);
        order.Returned += back;
        if (back > 0 && order.Net == 0) order.Returns++;
        turn.Moved = new Money(back, order.Currency);
        turn.Surplus = after.Surplus > before.Surplus;
    }

    // Turns the single payment kept in an order's fields into a movement; needed once the order has a second event.
    private static void Tell(ref Movements movements, in Order order)
    {
        if (order.Net > 0 && !movements.Has(order.Key)) movements.Add(new Movement(order.Key, order.PaidAt, order.Net));
    }

    // Of an order without a payment: returns in another currency than the latest are dropped.
    private static void WaitIn(ref Movements movements, ref Order order, int currency)
    {
        if (currency == 0 || order.Currency == currency) return;
        movements.Remove(order.Key, refundsOnly: true);
        order.Currency = currency;
    }

    private static ulong KeyOf(MemberEvent e, ulong identity) => e.Order.IsEmpty ? identity : StableHash.Of(e.Order.Span);

    // Of an order that was paid once and nothing else its own fields say what that payment was; with the next event that is kept as a hash.
    private static void Mark(ref OrdersState orders, int at, ulong identity)
    {
        ref readonly var order = ref orders[at];
        if (IsPaidOnce(order)) orders.Mark(at, Payment(order, order.PaidAt, order.Paid));
        orders.Mark(at, identity);
    }

    // A payment that another system tells again: of that order, that amount and that time, as long as not all of it came back.
    private static bool IsKnown(in OrdersState orders, in Order order, MemberEvent e) =>
        IsPaidOnce(order) ? order.PaidAt == e.At && order.Paid == e.Amount : orders.Knows(Payment(order, e.At, e.Amount));

    private static bool IsPaidOnce(in Order order) => order.Marks == 1 && order.PaidAt != 0;

    private static ulong Payment(in Order order, long at, long amount)
    {
        Span<long> parts = [at, amount, order.Returns];
        return StableHash.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(parts), order.Key);
    }
}
