using System.Text.Json;
using Streaming.Contract.Decoding;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;

namespace Streaming.Replay.Writing;

/// <summary>Writes the fields that hold several values: coupons, channels, consent, attributes, tags.</summary>
internal sealed class ListWriter
{
    private static readonly string[] UsualYes = ["yes", "y", "true", "t", "1", "on", "x"], UsualNo = ["no", "n", "false", "f", "0", "off"];
    private readonly Filters filters;
    private readonly HashSet<string> yes, no;
    private readonly List<Target> targets = [];
    private bool since1904; // how the file counts days

    public ListWriter(Mapping mapping, Filters filters)
    {
        this.filters = filters;
        yes = new HashSet<string>([.. UsualYes, .. mapping.Words.Yes], StringComparer.OrdinalIgnoreCase);
        no = new HashSet<string>([.. UsualNo, .. mapping.Words.No], StringComparer.OrdinalIgnoreCase);
        foreach (var (name, rule) in mapping.Lists)
        {
            var entries = rule.Entries.Select(entry => (entry.Key, Template.Parse(entry.Value, out _)!)).ToArray();
            targets.Add(new Target(name, FieldTable.All.First(field => field.Name == name).Type, rule, Template.Parse(rule.From, out _)!,
                entries, new TimeFormat(mapping.At with { Format = rule.Format })));
        }
    }

    /// <summary>Writes every list that one of the rows has something for.</summary>
    public void Write(Utf8JsonWriter json, IReadOnlyList<Row> rows)
    {
        since1904 = rows[0].DaysSince1904;
        foreach (var target in targets)
        {
            if (target.Entries.Length > 0) WriteEntries(json, target, rows);
            else if (rows.Select(row => target.From.Fill(row, filters)).FirstOrDefault(text => text.Trim().Length > 0) is { } text)
                WriteText(json, target, text.Trim());
        }
    }

    private void WriteEntries(Utf8JsonWriter json, Target target, IReadOnlyList<Row> rows)
    {
        var any = false;
        foreach (var (name, template) in target.Entries)
        {
            if (rows.Select(row => template.Fill(row, filters)).FirstOrDefault(text => text.Length > 0) is not { } value) continue;
            if (!any) json.WriteStartObject(target.Name);
            any = true;
            WriteValue(json, target, name, value);
        }

        if (any) json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json, Target target, string text)
    {
        if (IsJson(text, target.Type == FieldType.Texts ? '[' : '{'))
        {
            json.WritePropertyName(target.Name);
            json.WriteRawValue(text, skipInputValidation: true);
            return;
        }

        var parts = text.Split(target.Rule.Split, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (target.Type == FieldType.Texts)
        {
            json.WriteStartArray(target.Name);
            foreach (var part in parts) json.WriteStringValue(part);
            json.WriteEndArray();
            return;
        }

        json.WriteStartObject(target.Name);
        foreach (var (name, value) in Named(target, parts)) WriteValue(json, target, name, value);
        json.WriteEndObject();
    }

    // A list may name one thing twice. Equal entries count once. For consent a refusal wins, then an unclear answer, then a yes. Two
    // different values of anything else are both written, so that the decoder rejects the event.
    private List<(string Name, string Value)> Named(Target target, string[] parts)
    {
        var named = new List<(string Name, string Value)>();
        foreach (var part in parts)
        {
            var pair = target.Rule.Pair.Length == 0 ? [part] : part.Split(target.Rule.Pair, 2, StringSplitOptions.TrimEntries);
            var (name, value) = (pair[0], pair.Length == 2 ? pair[1] : "true");
            var before = target.Type == FieldType.Consent
                ? named.FindIndex(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
                : named.IndexOf((name, value));
            if (before < 0) named.Add((name, value));
            else if (target.Type == FieldType.Consent && Weight(value) > Weight(named[before].Value)) named[before] = (name, value);
        }

        return named;
    }

    private int Weight(string answer) => answer.Length == 0 ? 0 : yes.Contains(answer) ? 1 : no.Contains(answer) ? 3 : 2;

    // A value that is no time, yes or no is written unchanged, so that the decoder judges it.
    private void WriteValue(Utf8JsonWriter json, Target target, string name, string value)
    {
        var word = value.Trim();
        if (target.Type is not (FieldType.Consent or FieldType.Tags)) json.WriteString(name, value);
        else if (no.Contains(word)) json.WriteBoolean(name, false);
        else if (yes.Contains(word)) json.WriteBoolean(name, true);
        else if (target.Type == FieldType.Tags && target.Times.TryRead(word, out var until, since1904)) json.WriteNumber(name, until);
        else json.WriteString(name, value);
    }

    private static bool IsJson(string text, char opens)
    {
        if (text[0] != opens) return false;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            return true;
        }
        catch (JsonException)
        {
            return false; // then it is a text like any other
        }
    }

    private sealed record Target(
        string Name, FieldType Type, ListRule Rule, Template From, (string Name, Template Template)[] Entries, TimeFormat Times);
}
