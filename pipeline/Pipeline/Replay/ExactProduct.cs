using System.Globalization;

namespace Streaming.Pipeline.Replay;

/// <summary>Multiplies decimal texts without rounding.</summary>
internal static class ExactProduct
{
    // A decimal carries 28 digits; factors that have no more between them multiply exactly.
    private const int Digits = 28;

    /// <summary>The product as text, or null when a factor is not a plain decimal number or the digits are too many.</summary>
    /// <param name="factors">The numbers as written.</param>
    /// <param name="absolute">Which of them count without their sign.</param>
    public static string? Of(ReadOnlySpan<string> factors, ReadOnlySpan<bool> absolute)
    {
        var product = 1m;
        var digits = 0;
        for (var i = 0; i < factors.Length; i++)
        {
            digits += factors[i].Count(char.IsAsciiDigit);
            if (digits > Digits) return null;
            if (!decimal.TryParse(factors[i], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)) return null;
            product *= absolute[i] ? Math.Abs(factor) : factor;
        }

        return product.ToString(CultureInfo.InvariantCulture);
    }
}
