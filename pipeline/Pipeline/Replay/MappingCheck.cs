using System.Text;
using System.Text.RegularExpressions;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Pipeline.Decode;
using Streaming.Pipeline.Rules;

namespace Streaming.Pipeline.Replay;

/// <summary>Says everything that is wrong with a mapping, before any file is opened.</summary>
internal static class MappingCheck
{
    private static readonly HashSet<Field> OwnSetting = [Field.At, Field.Kind, Field.Amount];

    /// <summary>One sentence per error, beginning with the setting's path. A part that is missing altogether was reported by the reader.</summary>
    public static IEnumerable<string> Errors(Mapping mapping) =>
        [.. General(mapping), .. Time(mapping.At), .. Kinds(mapping), .. Amount(mapping), .. Fields(mapping)];

    private static IEnumerable<string> General(Mapping mapping)
    {
        if (mapping.Topic == Topic.Signals) yield return "topic must be clicks, purchases, chats or members: signals are the pipeline's own.";
        if (mapping.Delimiter.Length != 1) yield return "delimiter must be one character (\"\\t\" for a tab).";
        if (mapping.DisorderMinutes is < 0 or > 525_600) yield return "disorderMinutes must be from 0 to 525600.";
        foreach (var twice in mapping.Columns.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1)) yield return $"columns names '{twice.Key}' twice.";
    }

    private static IEnumerable<string> Time(TimeColumn? at)
    {
        if (at is null) yield break;
        if (Zones.Find(Encoding.UTF8.GetBytes(at.Zone)) is null) yield return $"at.zone must be an IANA time zone name, not '{at.Zone}'.";
        if (!TimeFormat.IsValid(at.Format)) yield return $"at.format must be {TimeFormat.Rfc3339}, {TimeFormat.EpochSeconds}, {TimeFormat.EpochMilliseconds} or a date and time pattern such as yyyy-MM-dd HH:mm:ss, not '{at.Format}'.";
    }

    private static IEnumerable<string> Kinds(Mapping mapping)
    {
        if (mapping.Kinds is null) yield break;
        if (mapping.Kinds.Count == 0) yield return "kinds must hold at least one rule.";
        for (var i = 0; i < mapping.Kinds.Count; i++)
        {
            var rule = mapping.Kinds[i];
            if (rule.Kind is not null && KindTable.Find(Encoding.UTF8.GetBytes(rule.Kind), mapping.Topic) == EventKind.None)
            {
                var known = Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None && kind.Topic() == mapping.Topic).Select(kind => kind.Name()).ToArray();
                yield return $"kinds[{i}].kind must be one of {string.Join(", ", known)}, not '{rule.Kind}'{NearestName.Hint(rule.Kind, known)}.";
            }

            if (!IsPattern(rule.Matches)) yield return $"kinds[{i}].matches is not a regular expression without look-around and back references.";
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
        if (mapping.Amount.Product is not { } product) yield break;
        if (product.Count == 0) yield return "amount.product must name at least one column.";
        foreach (var stranger in mapping.Amount.Abs.Except(product)) yield return $"amount.abs names '{stranger}', which is not in amount.product.";
    }

    private static IEnumerable<string> Fields(Mapping mapping)
    {
        if (mapping.Fields is not { } fields) yield break;
        var known = FieldTable.All.Where(field => ((int)field.Topics & (1 << (int)mapping.Topic)) != 0).ToDictionary(field => field.Name, StringComparer.Ordinal);
        var needed = mapping.Topic == Topic.Purchases ? ["id", "member", "order", "currency"] : new[] { "id", "member" };
        foreach (var name in needed.Where(name => !fields.ContainsKey(name))) yield return $"fields.{name} is missing.";
        foreach (var (name, text) in fields)
        {
            if (!known.TryGetValue(name, out var field)) yield return $"fields.{name} is not a field of {mapping.Topic.ToString().ToLowerInvariant()}{NearestName.Hint(name, known.Keys)}.";
            else if (OwnSetting.Contains(field.Field)) yield return $"fields.{name} has a setting of its own: {(field.Field == Field.Kind ? "kinds" : name)}.";
            else if (field.MaxCount > 0) yield return $"fields.{name} holds a list, which a column cannot.";
            if (Template.Parse(text, out var fault) is null) yield return $"fields.{name} {fault}";
        }
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RowMapper.PatternOptions) is not null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false; // the caller says so, with the setting's name
        }
    }
}
