using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Streaming.Common.Settings;

/// <summary>Binds appsettings.json, the environment and the command line to a settings object, and reports all errors at once.</summary>
public static class SettingsBinder
{
    /// <summary>Binds what is right and adds one sentence for each name that is no setting and each value of the wrong form.</summary>
    /// <param name="configuration">What was given.</param>
    /// <param name="settings">The settings, holding their defaults.</param>
    /// <param name="errors">Gets the sentences, each beginning with the setting's path.</param>
    public static void Bind(IConfiguration configuration, object settings, ICollection<string> errors)
    {
        var right = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Look(configuration, settings.GetType(), right, errors);
        new ConfigurationBuilder().AddInMemoryCollection(right).Build().Bind(settings);
    }

    private static void Look(IConfiguration given, Type type, Dictionary<string, string?> right, ICollection<string> errors)
    {
        var known = type.GetProperties().Where(IsSetting).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var one in given.GetChildren())
        {
            if (!known.TryGetValue(one.Key, out var property))
            {
                errors.Add($"{one.Path} is not a setting{NearestName.Hint(one.Key, known.Keys)}.");
            }
            else if (IsMap(property.PropertyType)) foreach (var (path, value) in one.AsEnumerable()) right[path] = value;
            else if (IsGroup(property.PropertyType)) LookInto(one, property.PropertyType, right, errors);
            else if (one.GetChildren().Any()) errors.Add($"{one.Path} is one value, not a group of settings.");
            else if (Fits(one.Value, property.PropertyType)) right[one.Path] = one.Value;
            else errors.Add($"{one.Path} is \"{one.Value}\"; it must be {Form(property.PropertyType)}.");
        }
    }

    private static void LookInto(IConfigurationSection group, Type type, Dictionary<string, string?> right, ICollection<string> errors)
    {
        if (group.Value is { Length: > 0 } value)
        {
            errors.Add($"{group.Path} is \"{value}\"; it must be a group of settings: " +
                $"{string.Join(", ", type.GetProperties().Where(IsSetting).Select(p => p.Name))}.");
        }
        else Look(group, type, right, errors);
    }

    private static bool IsSetting(PropertyInfo property) => IsMap(property.PropertyType) || property.SetMethod is { IsPublic: true };

    private static bool IsMap(Type type) => typeof(IDictionary).IsAssignableFrom(type);

    private static bool IsGroup(Type type) => type.IsClass && type != typeof(string);

    private static bool Fits(string? value, Type type)
    {
        if (value is null || type == typeof(string)) return true;
        if (type == typeof(TimeSpan) && !value.Contains(':', StringComparison.Ordinal)) return false; // a bare number would be days
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            return false; // the caller says so, with the setting's path
        }
    }

    private static string Form(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time such as 00:00:30 (hours, minutes, seconds)"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(int) || type == typeof(long) ? $"a whole number{(type == typeof(int) ? " up to 2147483647" : "")}"
        : "a number";
}
