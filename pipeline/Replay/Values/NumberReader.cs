using System.Buffers;
using System.Globalization;
using System.Text;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Values;

/// <summary>Reads numbers as one mapping's file writes them. Thread-safe.</summary>
internal sealed class NumberReader(NumberStyle style)
{
    // A decimal carries 28 digits: what has no more is read, multiplied and added without rounding.
    private const int MaxDigits = 28;
    private const string Apostrophes = "'\u2019";
    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create("0123456789.-");
    private readonly char point = style.Decimal[0];
    private readonly char? group = style.Group.Length == 0 ? null : style.Group[0];
    private readonly string[] marks = [.. style.Marks.OrderByDescending(mark => mark.Length)];

    /// <summary>Reads one number exactly.</summary>
    /// <param name="text">For example <c>1.234,50 €</c>, <c>(12.50)</c>, <c>-3</c> or <c>1.5e3</c>.</param>
    /// <returns>Null for what is no number in this style, or has more than 28 digits.</returns>
    public ExactNumber? Read(string text)
    {
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty) return null;
        if (point == '.' && rest.Length <= MaxDigits && !rest.ContainsAnyExcept(PlainCharacters)
            && decimal.TryParse(rest, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var plain))
        {
            return new(plain, rest.Length);
        }

        var negative = false;
        if (rest[0] == '(' && rest[^1] == ')')
        {
            negative = true;
            rest = rest[1..^1].Trim();
        }

        var signed = negative;
        while (TakeSign(ref rest, ref negative, ref signed) || TakeMark(ref rest))
        {
        }

        return Digits(rest, negative);
    }

    /// <summary>The same number without marks and groups, a point as decimal mark; the text itself when it is none.</summary>
    public string Plain(string text) => Read(text) is { } number ? Shortest(number.Value).ToString(CultureInfo.InvariantCulture) : text;

    private static bool TakeSign(ref ReadOnlySpan<char> rest, ref bool negative, ref bool signed)
    {
        if (signed || rest.Length < 2) return false;
        var front = rest[0] is '-' or '+' or '\u2212';
        if (!front && rest[^1] is not ('-' or '\u2212')) return false;
        negative = front ? rest[0] != '+' : true;
        signed = true;
        rest = (front ? rest[1..] : rest[..^1]).Trim();
        return true;
    }

    private bool TakeMark(ref ReadOnlySpan<char> rest)
    {
        foreach (var mark in marks)
        {
            if (rest.Length <= mark.Length) continue;
            if (rest.StartsWith(mark, StringComparison.OrdinalIgnoreCase)) rest = rest[mark.Length..].Trim();
            else if (rest.EndsWith(mark, StringComparison.OrdinalIgnoreCase)) rest = rest[..^mark.Length].Trim();
            else continue;
            return true;
        }

        if (rest.Length < 2) return false;
        if (char.GetUnicodeCategory(rest[0]) == UnicodeCategory.CurrencySymbol) rest = rest[1..].Trim();
        else if (char.GetUnicodeCategory(rest[^1]) == UnicodeCategory.CurrencySymbol) rest = rest[..^1].Trim();
        else return false;
        return true;
    }

    private ExactNumber? Digits(ReadOnlySpan<char> text, bool negative)
    {
        var e = text.IndexOfAny('e', 'E');
        var exponent = 0;
        if (e >= 0 && (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
            || Math.Abs(exponent) > MaxDigits))
            return null;
        var mantissa = e >= 0 ? text[..e] : text;
        var cut = mantissa.IndexOf(point);
        var whole = cut < 0 ? mantissa : mantissa[..cut];
        var fraction = cut < 0 ? default : mantissa[(cut + 1)..];
        var plain = new StringBuilder(MaxDigits + 2);
        if (!Whole(whole, plain) || fraction.ContainsAnyExceptInRange('0', '9') || plain.Length + fraction.Length == 0) return null;
        var digits = plain.Length + fraction.Length + Math.Abs(exponent);
        if (digits > MaxDigits) return null;
        plain.Append('.').Append(fraction).Append('0');
        if (!decimal.TryParse(plain.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        for (; exponent > 0; exponent--) number *= 10m;
        for (; exponent < 0; exponent++) number *= 0.1m;
        return new(Shortest(negative ? -number : number), digits);
    }

    // Groups of three digits; left of the last group, groups of two are accepted as well (12,34,567).
    private bool Whole(ReadOnlySpan<char> text, StringBuilder plain)
    {
        var sinceGroup = 0;
        var groups = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                plain.Append(c);
                sinceGroup++;
            }
            else if (IsGroup(c) && sinceGroup is 1 or 2 or 3 && (groups == 0 || sinceGroup >= 2))
            {
                sinceGroup = 0;
                groups++;
            }
            else
            {
                return false;
            }
        }

        return groups == 0 || sinceGroup == 3;
    }

    private bool IsGroup(char c) => group switch
    {
        null => false,
        ' ' => char.IsWhiteSpace(c),
        '\'' or '\u2019' => Apostrophes.Contains(c, StringComparison.Ordinal),
        { } mark => c == mark,
    };

    /// <summary>The same number without zeros at the end of its fraction.</summary>
    public static decimal Shortest(decimal number) => number / 1.0000000000000000000000000000m;
}
