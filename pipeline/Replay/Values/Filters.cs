namespace Streaming.Replay.Values;

/// <summary>What a template can do to a column's text. Filters are applied from left to right.</summary>
internal sealed class Filters(NumberReader numbers)
{
    private static readonly Dictionary<string, Func<Filters, string, string>> All = new(StringComparer.Ordinal)
    {
        ["trim"] = (_, text) => text.Trim(),
        ["lower"] = (_, text) => text.ToLowerInvariant(),
        ["upper"] = (_, text) => text.ToUpperInvariant(),
        ["integer"] = (_, text) => WithoutZeroFraction(text),
        ["number"] = (filters, text) => filters.Numbers.Plain(text),
        ["abs"] = (filters, text) => filters.Numbers.Plain(text).TrimStart('-'),
    };

    /// <summary>Names of all filters.</summary>
    public static IEnumerable<string> Names => All.Keys;

    private NumberReader Numbers { get; } = numbers;

    /// <summary>The text after one filter.</summary>
    public string Apply(string filter, string text) => text.Length == 0 ? text : All[filter](this, text);

    private static string WithoutZeroFraction(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && text.AsSpan(point + 1).TrimEnd('0').IsEmpty ? text[..point] : text;
    }
}
