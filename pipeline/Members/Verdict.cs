namespace Streaming.Members;

/// <summary>The result of applying an event to its member. Every host makes a dead letter of what
/// <see cref="Verdicts.IsRefused"/>.</summary>
public enum Verdict : byte
{
    /// <summary>It changed the member.</summary>
    Applied = 0,

    /// <summary>It was applied before; nothing changed.</summary>
    Duplicate = 1,

    /// <summary>It changed the member, but more came back than was paid: the surplus is refused.</summary>
    RefundExceedsPaid = 2,

    /// <summary>Its order or request may have been forgotten, and whether it was applied before cannot be told; nothing changed.</summary>
    TooLate = 3,

    /// <summary>Its order was paid in another currency; nothing changed.</summary>
    CurrencyMismatch = 4,

    /// <summary>Its order has as many events as are kept of one; nothing changed.</summary>
    OrderFull = 5,

    /// <summary>The member has sums of as many currencies as are kept; nothing changed.</summary>
    CurrenciesFull = 6,

    /// <summary>A payment that was applied under another id: this id is remembered too, nothing else changed.</summary>
    RepeatedPayment = 7,
}

/// <summary>Facts about verdicts that never change.</summary>
public static class Verdicts
{
    /// <summary>True when the event counts.</summary>
    public static bool IsApplied(this Verdict verdict) => verdict is Verdict.Applied or Verdict.RefundExceedsPaid;

    /// <summary>True when it is a repeat.</summary>
    public static bool IsRepeat(this Verdict verdict) => verdict is Verdict.Duplicate or Verdict.RepeatedPayment;

    /// <summary>True when the event, or part of it, is refused for a reason that its producer must know.</summary>
    public static bool IsRefused(this Verdict verdict) => verdict is >= Verdict.RefundExceedsPaid and <= Verdict.CurrenciesFull;
}
