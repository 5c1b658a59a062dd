using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Streaming.Common.Settings;
using Streaming.Members.Rules;
using YamlDotNet.RepresentationModel;

namespace Streaming.Engine.Rules;

/// <summary>Fills rules records from YAML nodes by the names of their properties. Continues after an error, so that all errors are found at
/// once.</summary>
public sealed class YamlBinder(YamlErrors errors)
{
    /// <summary>A record of that type: its defaults, overwritten by what is written.</summary>
    public object Record(Type type, YamlMappingNode node, string path)
    {
        var record = Activator.CreateInstance(type)!;
        var settings = Settings(type);
        var missing = settings.Where(s => s.Value.IsDefined(typeof(RequiredMemberAttribute))).Select(s => s.Key).ToHashSet();
        foreach (var (key, value) in node.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            var at = path.Length == 0 ? name : $"{path}.{name}";
            errors.At(at, key.Start.Line);
            if (!settings.TryGetValue(name, out var setting))
            {
                errors.Add(at, $"is not a setting{NearestName.Hint(name, settings.Keys)}.");
                continue;
            }

            missing.Remove(name);
            if (Value(setting.PropertyType, setting, value, at) is { } bound) setting.SetValue(record, bound);
        }

        foreach (var name in missing) errors.Add(path.Length == 0 ? name : $"{path}.{name}", node.Start.Line, "is missing.");
        return record;
    }

    /// <summary>The settings of a rules record by their names in the file: what can be set when it is made.</summary>
    public static Dictionary<string, PropertyInfo> Settings(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.SetMethod is { IsPublic: true })
        .ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name), StringComparer.Ordinal);

    /// <summary>The names of an enum's values in the file, except <c>None</c>, which is written by leaving the setting out.</summary>
    public static Dictionary<string, object> Words(Type type) =>
        System.Enum.GetValues(type).Cast<object>().Where(value => value.ToString() != "None").ToDictionary(Word, StringComparer.Ordinal);

    /// <summary>What an enum's value is called in the file.</summary>
    public static string Word(object value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()!);

    private object? Value(Type type, PropertyInfo setting, YamlNode node, string path)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) type = inner;
        if (Items(type) is { } item) return List(item, setting, node, path);
        if (Entries(type) is { } entries) return Dictionary(entries.Key, entries.Value, setting, node, path);
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeOnly) || type == typeof(DateOnly))
            return Scalar(type, setting, node, path);
        if (node is YamlMappingNode mapping) return Record(type, mapping, path);
        return Wrong(node, path, "must be a group of 'name: value' lines");
    }

    private object? List(Type item, PropertyInfo setting, YamlNode node, string path)
    {
        if (node is not YamlSequenceNode sequence) return Wrong(node, path, "must be a list ([] for none)");
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var child in sequence.Children)
        {
            var at = $"{path}[{list.Count}]";
            errors.At(at, child.Start.Line);
            if (Value(item, setting, child, at) is not { } bound) return null;
            list.Add(bound);
        }

        return list;
    }

    private object? Dictionary(Type key, Type value, PropertyInfo setting, YamlNode node, string path)
    {
        if (node is not YamlMappingNode mapping) return Wrong(node, path, "must be a group of 'name: value' lines ({} for none)");
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value))!;
        foreach (var (name, child) in mapping.Children)
        {
            var at = $"{path}.{(name as YamlScalarNode)?.Value}";
            errors.At(at, name.Start.Line);
            if (Scalar(key, setting, name, at) is { } boundKey && Value(value, setting, child, at) is { } bound) map[boundKey] = bound;
        }

        return map;
    }

    private object? Scalar(Type type, PropertyInfo setting, YamlNode node, string path)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text }) return Wrong(node, path, "must be one value");
        if (type == typeof(string)) return text;
        if (type.IsEnum) return Enum(type, setting, text, path);
        if (type == typeof(bool)) return text is "true" or "false" ? text == "true" : Wrong(node, path, "must be true or false");
        if (type == typeof(TimeOnly))
        {
            return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time
                : Wrong(node, path, "must be a time of day such as \"21:00\"");
        }
        if (type == typeof(DateOnly))
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day
                : Wrong(node, path, "must be a day such as 2000-01-01");
        if (setting.IsDefined(typeof(TenThousandthsAttribute)))
        {
            return TenThousandths(text) ?? Wrong(node, path, "must be a number with at most four decimals");
        }
        if (type == typeof(double))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number : Wrong(node, path, "must be a number");
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            && Narrow(whole, type) is { } narrowed ? narrowed : Wrong(node, path, "must be a whole number");
    }

    private object? Enum(Type type, PropertyInfo setting, string text, string path)
    {
        var words = Words(type);
        foreach (var own in setting.GetCustomAttribute<NotInFilesAttribute>()?.Words ?? []) words.Remove(own);
        if (words.TryGetValue(text, out var value)) return value;
        var known = words.Keys.Count <= 12 ? $"must be one of {string.Join(", ", words.Keys)}" : "is not a known word";
        errors.Add(path, $"{known}, not '{text}'{NearestName.Hint(text, words.Keys)}.");
        return null;
    }

    private object? Wrong(YamlNode node, string path, string must)
    {
        errors.Add(path, node is YamlScalarNode { Value: { Length: > 0 } text } ? $"{must}, not '{text}'." : $"{must}.");
        return null;
    }

    private static object? TenThousandths(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && Math.Abs(value) <= 1_000_000_000_000m && value * 10_000 == decimal.Truncate(value * 10_000) ? (long)(value * 10_000) : null;

    private static object? Narrow(long value, Type type)
    {
        try
        {
            return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return null; // the caller says what is wrong with it
        }
    }

    private static Type? Items(Type type) => type.IsArray
        ? throw new InvalidOperationException($"Rules hold lists as IReadOnlyList, not as {type}.")
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static (Type Key, Type Value)? Entries(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
        ? (type.GetGenericArguments()[0], type.GetGenericArguments()[1])
        : null;
}
