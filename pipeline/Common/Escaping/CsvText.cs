using System.Buffers;

namespace Streaming.Common.Escaping;

/// <summary>Text as one field of a CSV file (RFC 4180) that people open in a spreadsheet.</summary>
public static class CsvText
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n ");

    /// <summary>The field, in quotes where it needs them.</summary>
    /// <remarks>
    /// A spreadsheet takes what begins with =, +, -, @, a tab or a line's end for a formula: an apostrophe in front keeps it a text.
    /// Numbers stay numbers.
    /// </remarks>
    public static string Field(string text)
    {
        if (IsFormula(text)) text = "'" + text;
        return text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static bool IsFormula(string text)
    {
        var begin = text.AsSpan().TrimStart(" \"");
        if (begin.IsEmpty || begin[0] is not ('=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠')) return false;
        return !decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _);
    }
}
