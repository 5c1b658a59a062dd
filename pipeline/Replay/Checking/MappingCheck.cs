using System.Text;
using System.Text.RegularExpressions;
using Streaming.Common.Settings;
using Streaming.Contract.Decoding;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Profiles;
using Streaming.Replay.Mappings;
using Streaming.Replay.Values;

namespace Streaming.Replay.Checking;

/// <summary>Checks a whole mapping before any file is opened.</summary>
internal static class MappingCheck
{
    private static readonly HashSet<Field> OwnSetting = [Field.At, Field.Kind, Field.Amount];

    /// <summary>One sentence per error, beginning with the setting's path. A missing section has been reported by the YAML
    /// reader.</summary>
    public static IEnumerable<string> Errors(Mapping mapping) =>
        [.. General(mapping), .. FileCheck.Errors(mapping), .. Time(mapping.At), .. Numbers(mapping.Numbers), .. Kinds(mapping),
            .. Amount(mapping), .. Fields(mapping), .. Lists(mapping), .. Lines(mapping)];

    private static IEnumerable<string> General(Mapping mapping)
    {
        if (mapping.DisorderMinutes is < 0 or > 525_600) yield return "disorderMinutes must be from 0 to 525600.";
    }

    private static IEnumerable<string> Time(TimeColumn? at)
    {
        if (at is null) yield break;
        if (at.Column.Length > 0 == at.Columns.Count > 0) yield return "at must have either column or columns.";
        if (Zones.Find(Encoding.UTF8.GetBytes(at.Zone)) is null) yield return $"at.zone must be an IANA time zone name, not '{at.Zone}'.";
        if (!TimeFormat.IsValid(at.Format))
            yield return $"at.format must be {TimeFormat.Choices}, not '{at.Format}'.";
        foreach (var (name, list, count) in new[] { ("months", at.Months, 12), ("days", at.Days, 7), ("halves", at.Halves, 2) })
        {
            if (list.Count != 0 && list.Count != count) yield return $"at.{name} must have {count} names, not {list.Count}.";
            foreach (var twice in list.SelectMany(names => names.Split('|')).GroupBy(name => name.Trim(), StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1 && name != "months"))
                yield return $"at.{name} has '{twice.Key}' twice.";
        }
    }

    private static IEnumerable<string> Numbers(NumberStyle style)
    {
        if (style.Decimal is not ("." or ",")) yield return "numbers.decimal must be \".\" or \",\".";
        if (style.Group is not ("" or "." or "," or " " or "'" or "\u2019"))
            yield return "numbers.group must be \".\", \",\", \" \" or \"'\".";
        if (style.Group == style.Decimal) yield return "numbers.group must be another character than numbers.decimal.";
        foreach (var mark in style.Marks.Where(mark => mark.Any(char.IsAsciiDigit)))
            yield return $"numbers.marks has '{mark}', which holds a digit.";
    }

    private static IEnumerable<string> Kinds(Mapping mapping)
    {
        if (mapping.Kinds is null) yield break;
        if (mapping.Kinds.Count == 0) yield return "kinds must hold at least one rule.";
        for (var i = 0; i < mapping.Kinds.Count; i++)
        {
            var rule = mapping.Kinds[i];
            if (rule.Kind.Length > 0 == rule.From.Length > 0) yield return $"kinds[{i}] must have either kind or from.";
            if (rule.Kind.Length > 0 && KindTable.Find(Encoding.UTF8.GetBytes(rule.Kind), mapping.Topic) == EventKind.None)
            {
                var known = Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None && kind.Topic() == mapping.Topic)
                    .Select(kind => kind.Name()).ToArray();
                yield return $"kinds[{i}].kind must be one of {string.Join(", ", known)}, not " +
                    $"'{rule.Kind}'{NearestName.Hint(rule.Kind, known)}.";
            }

            if (Template.Parse(rule.From, out var fault) is null) yield return $"kinds[{i}].from {fault}";
            foreach (var (path, _, pattern, _) in rule.Conditions)
            {
                if (!IsPattern(pattern))
                    yield return $"kinds[{i}].{path} is not a regular expression without look-around and back references.";
            }
        }
    }

    private static IEnumerable<string> Amount(Mapping mapping)
    {
        if (mapping.Amount is null)
        {
            if (mapping.Topic == Topic.Purchases) yield return "amount is missing: a purchase needs one.";
            yield break;
        }

        if (mapping.Topic != Topic.Purchases) yield return "amount belongs to purchases only.";
        if (mapping.Amount.MinorUnits is < 0 or > 4) yield return "amount.minorUnits must be from 0 to 4.";
        if (mapping.Amount.Product is not { } product) yield break;
        if (product.Count is 0 or > 8) yield return "amount.product must name one to eight columns.";
        foreach (var stranger in mapping.Amount.Abs.Except(product))
            yield return $"amount.abs names '{stranger}', which is not in amount.product.";
    }

    private static IEnumerable<string> Fields(Mapping mapping)
    {
        if (mapping.Fields is not { } fields) yield break;
        var known = Known(mapping.Topic);
        var needed = mapping.Topic == Topic.Purchases ? ["id", "member", "order", "currency"] : new[] { "id", "member" };
        foreach (var name in needed.Where(name => !fields.ContainsKey(name))) yield return $"fields.{name} is missing.";
        foreach (var (name, text) in fields)
        {
            if (!known.TryGetValue(name, out var field))
                yield return $"fields.{name} is not a field of {Word(mapping.Topic)}{NearestName.Hint(name, known.Keys)}.";
            else if (OwnSetting.Contains(field.Field))
                yield return $"fields.{name} has a setting of its own: {(field.Field == Field.Kind ? "kinds" : name)}.";
            else if (field.MaxCount > 0)
                yield return $"fields.{name} holds several values: it belongs under {(field.Type == FieldType.Items ? "lines" : "lists")}.";
            if (Template.Parse(text, out var fault) is not { } template) yield return $"fields.{name} {fault}";
            else if (name == "id" && !template.HasRow && !template.Columns.Any())
                yield return "fields.id is the same for every row, so all but the first would be duplicates: use {row} or a column in it.";
        }
    }

    private static IEnumerable<string> Lists(Mapping mapping)
    {
        var known = Known(mapping.Topic).Values.Where(field => field.MaxCount > 0 && field.Type != FieldType.Items)
            .ToDictionary(field => field.Name, StringComparer.Ordinal);
        foreach (var (name, rule) in mapping.Lists)
        {
            if (!known.TryGetValue(name, out var field))
                yield return $"lists.{name} is not a list of {Word(mapping.Topic)}{NearestName.Hint(name, known.Keys)}.";
            else if (field.Type == FieldType.Texts && (rule.Entries.Count > 0 || rule.Pair.Length > 0))
                yield return $"lists.{name} is a list of texts: it takes from and split only.";
            else if (field.Type != FieldType.Tags && rule.Format != TimeFormat.Rfc3339)
                yield return $"lists.{name}.format belongs to tags only.";
            if (!TimeFormat.IsValid(rule.Format))
                yield return $"lists.{name}.format must be {TimeFormat.Choices}, not '{rule.Format}'.";
            if (rule.From.Length > 0 == rule.Entries.Count > 0) yield return $"lists.{name} must have either from or entries.";
            if (rule.Pair.Length > 0 && rule.Pair == rule.Split)
                yield return $"lists.{name}.pair must differ from lists.{name}.split.";
            if (Template.Parse(rule.From, out var fault) is null) yield return $"lists.{name}.from {fault}";
            foreach (var (entry, text) in rule.Entries)
            {
                if (Template.Parse(text, out fault) is null) yield return $"lists.{name}.entries.{entry} {fault}";
            }
        }
    }

    private static IEnumerable<string> Lines(Mapping mapping)
    {
        if (mapping.Lines is not { } lines) yield break;
        if (mapping.Topic != Topic.Purchases) yield return "lines belongs to purchases only.";
        if (lines.By is not null && Template.Parse(lines.By, out var fault) is null) yield return $"lines.by {fault}";
        foreach (var (name, text) in lines.Items)
        {
            if (ItemFields.Find(Encoding.UTF8.GetBytes(name)) is null)
                yield return $"lines.items.{name} is not a field of an item; there are " +
                    $"{string.Join(", ", ItemFields.All.Select(item => item.Split('.')[^1]))}.";
            if (Template.Parse(text, out fault) is null) yield return $"lines.items.{name} {fault}";
        }
    }

    private static Dictionary<string, FieldSpec> Known(Topic topic) =>
        FieldTable.All.Where(field => ((int)field.Topics & (1 << (int)topic)) != 0)
            .ToDictionary(field => field.Name, StringComparer.Ordinal);

    private static string Word(Topic topic) => topic.ToString().ToLowerInvariant();

    private static bool IsPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, Patterns.Options) is not null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false; // the caller says so, with the setting's name
        }
    }
}
