namespace Streaming.Members.Orders;

/// <summary>One payment or return of an order, with the amount its event names (a return may name more than is left).</summary>
/// <param name="Order">The order's <see cref="Orders.Order.Key"/>.</param>
/// <param name="At">When, epoch milliseconds.</param>
/// <param name="Amount">Ten-thousandths: above 0 a payment, below 0 what is to come back, <see cref="Rest"/> for whatever is left.</param>
public readonly record struct Movement(ulong Order, long At, long Amount)
{
    /// <summary><see cref="Amount"/> of a cancellation without an amount: whatever is left of the order.</summary>
    public const long Rest = long.MinValue;
}
