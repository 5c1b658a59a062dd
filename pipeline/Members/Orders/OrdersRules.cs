using Streaming.Members.Rules;

namespace Streaming.Members.Orders;

/// <summary>How long orders are remembered.</summary>
public sealed record OrdersRules
{
    /// <summary>Days without an event after which an order may be forgotten; the last 64 orders of
    /// a member are kept longer. From 1 to 3,650; default 400.</summary>
    public double RememberDays { get; init; } = 400;

    /// <summary>Adds one sentence per wrong setting, each beginning with its path in the rules file.</summary>
    public void Validate(string path, ICollection<string> errors) => Setting.InRange($"{path}.rememberDays", RememberDays, 1, 3650, errors);
}
