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

    /// <summary>The earliest time: 1970-01-02. Earlier times count as this one.</summary>
    public const long Earliest = Day;

    /// <summary>No time is taken for later than this, and nothing is due later: the year
    /// 9000, a thousand years before the calendar ends.</summary>
    public const long Latest = 221_845_392_000_000;

    /// <summary>1970-01-01 as <see cref="DateOnly.DayNumber"/> counts.</summary>
    public const int UnixEpochDay = 719_162;

    private const long FirstText = -62_135_596_800_000; // the year 1
    private const long LastText = 253_402_300_799_999; // the end of the year 9999

    /// <summary>Milliseconds of a number of days, to the nearest.</summary>
    public static long Days(double days) => (long)Math.Round(days * Day);

    /// <summary>The instant, or the nearest that is taken.</summary>
    public static long Within(long at) => Math.Clamp(at, Earliest, Latest);

    /// <summary>Day of UTC of an instant, since 1970-01-01.</summary>
    public static int DayOf(long at) => (int)Math.Clamp(at / Day, int.MinValue, int.MaxValue);

    /// <summary>The date of a day since 1970-01-01, or the calendar's nearest.</summary>
    public static DateOnly DateOf(int day) =>
        DateOnly.FromDayNumber((int)Math.Clamp((long)UnixEpochDay + day, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));

    /// <summary>The same day so many months later, or the last of a shorter month; the
    /// calendar's last day beyond that. Days since 1970-01-01.</summary>
    public static int AddMonths(int day, int months)
    {
        var date = DateOf(day);
        var later = ((date.Year - 1) * 12L) + date.Month - 1 + months >= 9999 * 12L ? DateOnly.MaxValue : date.AddMonths(months);
        return later.DayNumber - UnixEpochDay;
    }

    /// <summary>The instant as RFC 3339 with milliseconds, or null for 0 and <see cref="Member.Never"/>; allocates.</summary>
    public static string? Text(long at) => at is 0 or Member.Never ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(at, FirstText, LastText))
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
