namespace Streaming.Members.Amounts;

/// <summary>An amount of a currency.</summary>
/// <param name="Amount">Ten-thousandths of the currency's unit.</param>
/// <param name="Currency">Its <see cref="Currencies.Code(ReadOnlySpan{byte})"/>; 0 for none.</param>
public readonly record struct Money(long Amount, int Currency);
