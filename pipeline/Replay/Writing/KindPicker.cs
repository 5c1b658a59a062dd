using System.Text.RegularExpressions;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;

namespace Streaming.Replay.Writing;

/// <summary>Says what kind of event a row is: by the first rule that fits.</summary>
internal sealed class KindPicker
{
    private readonly (string Kind, Template? From, (string Column, Regex Pattern, bool Must)[] Conditions)[] rules;
    private readonly Filters filters;

    public KindPicker(IReadOnlyList<KindRule> kinds, Filters filters)
    {
        this.filters = filters;
        rules = [.. kinds.Select(rule => (
            rule.Kind,
            rule.From.Length == 0 ? null : Template.Parse(rule.From, out _),
            rule.Conditions.Select(condition => (condition.Column, new Regex(condition.Pattern, Patterns.Options), condition.Must))
                .ToArray()))];
    }

    /// <summary>The kind's name, or null when no rule fits.</summary>
    public string? Of(Row row)
    {
        foreach (var (kind, from, conditions) in rules)
        {
            if (!Fits(row, conditions)) continue;
            if (from is null) return kind;
            if (from.Fill(row, filters) is { Length: > 0 } passed) return passed;
        }

        return null;
    }

    private static bool Fits(Row row, (string Column, Regex Pattern, bool Must)[] conditions)
    {
        foreach (var (column, pattern, must) in conditions)
        {
            if (pattern.IsMatch(row[column]) != must) return false;
        }

        return true;
    }
}
