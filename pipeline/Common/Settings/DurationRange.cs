namespace Streaming.Common.Settings;

/// <summary>Durations of settings: written as hours, minutes and seconds (<c>00:00:30</c>, <c>00:00:00.5</c>).</summary>
public static class DurationRange
{
    /// <summary>Adds a sentence when a duration is out of its range.</summary>
    /// <param name="errors">Gets the sentence.</param>
    /// <param name="setting">The setting's path.</param>
    /// <param name="value">What it is.</param>
    /// <param name="least">The shortest that is taken.</param>
    /// <param name="most">The longest that is taken.</param>
    public static void Within(this ICollection<string> errors, string setting, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most) errors.Add($"{setting} is {value}; it must be {least} to {most}.");
    }
}
