using Streaming.Contract.Records;

namespace Streaming.Contract.Decoding;

/// <summary>Amounts in ten-thousandths, read digit by digit, without a binary floating-point number.</summary>
public static class Money
{
    /// <summary>Ten-thousandths in one unit of currency.</summary>
    public const long Unit = 10_000;

    /// <summary>The largest amount of one event: 10¹¹ units. A sum of nine thousand of them fits into 64 bits.</summary>
    public const long Max = 100_000_000_000 * Unit;

    private const int Decimals = 4;
    private const int MaxExponent = 1_000_000; // larger than any value has digits: a larger exponent gives the same result

    // Weight of a digit in ten-thousandths, up to that of Max's first digit.
    private static readonly long[] Powers = [.. Enumerable.Range(0, 16).Select(n => (long)System.Numerics.BigInteger.Pow(10, n))];

    /// <summary>Reads a JSON number (also one that came inside a string) exactly.</summary>
    /// <returns><see cref="RejectReason.None"/>, or what is wrong with it.</returns>
    public static RejectReason Parse(ReadOnlySpan<byte> text, out long amount)
    {
        amount = 0;
        var negative = text.StartsWith("-"u8);
        if (negative) text = text[1..];

        var whole = TakeDigits(ref text);
        if (whole.IsEmpty || (whole.Length > 1 && whole[0] == '0')) return RejectReason.AmountInvalid;
        ReadOnlySpan<byte> fraction = default;
        if (text.StartsWith("."u8))
        {
            text = text[1..];
            fraction = TakeDigits(ref text);
            if (fraction.IsEmpty) return RejectReason.AmountInvalid;
        }

        if (!TakeExponent(text, out var exponent)) return RejectReason.AmountInvalid;
        var point = exponent + Decimals;
        var rest = new Rest();
        var reason = Add(whole, point, ref amount, ref rest);
        if (reason == RejectReason.None) reason = Add(fraction, point - fraction.Length, ref amount, ref rest);
        if (reason == RejectReason.None) reason = rest.RoundInto(ref amount);
        if (reason == RejectReason.None && amount > Max) reason = RejectReason.AmountTooLarge;
        if (negative && amount > 0) reason = RejectReason.AmountNegative;
        if (reason != RejectReason.None) amount = 0;
        return reason;
    }

    /// <summary>Adds digits whose last one weighs 10^<paramref name="weight"/> ten-thousandths.</summary>
    private static RejectReason Add(ReadOnlySpan<byte> digits, int weight, ref long amount, ref Rest rest)
    {
        for (var i = digits.Length - 1; i >= 0; i--, weight++)
        {
            if (digits[i] == '0') continue;
            if (weight < 0)
            {
                rest.Add(digits[i] - '0', weight);
                continue;
            }

            if (weight >= Powers.Length) return RejectReason.AmountTooLarge;
            amount += (digits[i] - '0') * Powers[weight];
        }

        return RejectReason.None;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];
        return digits;
    }

    private static bool TakeExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty) return true;
        if ((text[0] | 0x20) != 'e') return false;
        text = text[1..];
        var negative = text.StartsWith("-"u8);
        if (negative || text.StartsWith("+"u8)) text = text[1..];
        var digits = TakeDigits(ref text);
        if (digits.IsEmpty || !text.IsEmpty) return false;
        foreach (var digit in digits) exponent = Math.Min((exponent * 10) + (digit - '0'), MaxExponent);
        if (negative) exponent = -exponent;
        return true;
    }

    /// <summary>What lies beyond the fourth decimal: programs that compute money in binary write 0.30000000000000004 for 0.3.</summary>
    private ref struct Rest
    {
        private const int Digits = 5; // the fifth to the ninth decimal: 10⁻⁹ is one of the last
        private const int Whole = 100_000;
        private int leading;
        private bool more;

        public void Add(int digit, int weight)
        {
            if (weight >= -Digits) leading += digit * (int)Powers[Digits + weight];
            else more = true;
        }

        /// <summary>Rounds to the nearest ten-thousandth when that is at most 10⁻⁹ away;
        /// a larger difference is refused, because it may be a mistake.</summary>
        public readonly RejectReason RoundInto(ref long amount)
        {
            if (leading == 0 || (leading == 1 && !more)) return RejectReason.None;
            if (leading != Whole - 1) return RejectReason.AmountInvalid;
            amount++;
            return RejectReason.None;
        }
    }
}
