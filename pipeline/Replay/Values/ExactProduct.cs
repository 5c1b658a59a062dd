namespace Streaming.Replay.Values;

/// <summary>A number read without rounding.</summary>
/// <param name="Value">The number.</param>
/// <param name="Digits">At least as many digits as it was written with.</param>
internal readonly record struct ExactNumber(decimal Value, int Digits);

/// <summary>Multiplies and adds decimal numbers without rounding.</summary>
internal static class ExactProduct
{
    // A decimal carries 28 digits; factors with at most 28 digits together are multiplied exactly.
    private const int MaxDigits = 28;
    private const decimal MostToAdd = 1_000_000_000_000_000m;
    private const int MostDecimalsToAdd = 12;

    /// <summary>The product, or null when its digits may be too many.</summary>
    public static decimal? Of(ReadOnlySpan<ExactNumber> factors)
    {
        var product = 1m;
        var digits = 0;
        foreach (var factor in factors)
        {
            digits += factor.Digits;
            if (digits > MaxDigits) return null;
            product *= factor.Value;
        }

        return product;
    }

    /// <summary>The sum, or null when its digits may be too many.</summary>
    public static decimal? Sum(decimal a, decimal b) => MayAdd(a) && MayAdd(b) ? a + b : null;

    private static bool MayAdd(decimal number) => Math.Abs(number) < MostToAdd && number.Scale <= MostDecimalsToAdd;
}
