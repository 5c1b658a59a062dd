using System.Globalization;

namespace Streaming.Common.Settings;

/// <summary>Whole numbers of settings.</summary>
public static class NumberRange
{
    /// <summary>Adds a sentence when a number is out of its range.</summary>
    /// <param name="errors">Gets the sentence.</param>
    /// <param name="setting">The setting's path.</param>
    /// <param name="value">What it is.</param>
    /// <param name="least">The smallest that is taken.</param>
    /// <param name="most">The largest that is taken.</param>
    /// <param name="unit">What it counts, where its name does not say so.</param>
    public static void Within(this ICollection<string> errors, string setting, long value, long least, long most, string? unit = null)
    {
        if (value >= least && value <= most) return;
        errors.Add(string.Create(CultureInfo.InvariantCulture,
            $"{setting} is {value}; it must be {least} to {most}{(unit is null ? "" : $" ({unit})")}."));
    }
}
