using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Values;

/// <summary>Replaces a file's own names of months, days and day halves by the English ones.</summary>
internal sealed partial class LocalNames
{
    private readonly Dictionary<string, string> english = new(StringComparer.OrdinalIgnoreCase);
    private readonly Regex? names;

    public LocalNames(TimeColumn column)
    {
        var format = CultureInfo.InvariantCulture.DateTimeFormat;
        var full = LongNames().IsMatch(column.Format);
        Add(column.Months, full ? format.MonthNames : format.AbbreviatedMonthNames);
        string[] days = LongDays().IsMatch(column.Format) ? format.DayNames : format.AbbreviatedDayNames;
        Add(column.Days, [.. days[1..], days[0]]);
        Add(column.Halves, [format.AMDesignator, format.PMDesignator]);
        if (english.Count == 0) return;
        var longestFirst = english.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape);
        names = new Regex($@"({string.Join('|', longestFirst)})", RegexOptions.IgnoreCase | Patterns.Options);
    }

    /// <summary>The text with English names.</summary>
    public string ToEnglish(string text) =>
        names is null ? text : names.Replace(text, match => Whole(text, match) ? english[match.Value] : match.Value);

    private void Add(IReadOnlyList<string> own, string[] to)
    {
        for (var i = 0; i < own.Count && i < to.Length; i++)
        {
            foreach (var name in own[i].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                english[name] = to[i];
        }
    }

    // A name counts only as a whole word: no letter may touch it. A name that ends in another character ("janv.") may be followed by a
    // letter.
    private static bool Whole(string text, Match match)
    {
        var end = match.Index + match.Length;
        var before = match.Index == 0 || !char.IsLetter(text[match.Index - 1]) || !char.IsLetter(text[match.Index]);
        return before && (end == text.Length || !char.IsLetter(text[end]) || !char.IsLetter(text[end - 1]));
    }

    [GeneratedRegex("M{4}")]
    private static partial Regex LongNames();

    [GeneratedRegex("d{4}")]
    private static partial Regex LongDays();
}
