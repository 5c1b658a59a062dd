namespace Streaming.Members;

/// <summary>Spans of time in milliseconds, and days of UTC.</summary>
public static class Time
{
    /// <summary>One hour.</summary>
    public const long Hour = 3_600_000;

    /// <summary>One day.</summary>
    public const long Day = 24 * Hour;

    /// <summary>One week.</summary>
    public const long Week = 7 * Day;

    /// <summary>Milliseconds of a number of days, to the nearest.</summary>
    public static long Days(double days) => (long)Math.Round(days * Day);

    /// <summary>Day of UTC of an instant, since 1970-01-01.</summary>
    public static int DayOf(long at) => (int)(at / Day);

    /// <summary>The instant as RFC 3339 with milliseconds, or null for 0 and <see cref="Member.Never"/>; allocates.</summary>
    public static string? Text(long at) => at is 0 or Member.Never ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
