using Streaming.Members.Snapshots;

namespace Streaming.Members.Profiles;

/// <summary>A day of the year, and the year of birth where it was told.</summary>
/// <param name="Month">1 to 12; 0 for no birthday.</param>
/// <param name="Day">1 to 31.</param>
/// <param name="Year">0 when not told.</param>
public readonly record struct Birthday(byte Month, byte Day, short Year)
{
    /// <summary>True when a birthday was declared.</summary>
    public bool IsKnown => Month != 0;

    /// <summary>Reads <c>yyyy-MM-dd</c> or <c>--MM-dd</c>, as the decoder has checked it; none for anything else.</summary>
    public static Birthday From(ReadOnlySpan<byte> text)
    {
        if (text.Length == 7 && text.StartsWith("--"u8)) return Of(2000, text[2..]); // a leap year: 29 February is a day
        return text.Length == 10 && text[4] == '-' && Number(text[..4]) is > 0 and var year
            ? Of(year, text[5..]) with { Year = (short)year } : default;
    }

    /// <summary>The day on which it is celebrated in a year, days since 1970-01-01.</summary>
    /// <param name="leapDayInMarch">Where there is no 29 February: true for 1 March, false for 28 February.</param>
    public int DayIn(int year, bool leapDayInMarch)
    {
        year = Math.Clamp(year, 1, 9999);
        var missing = Month == 2 && Day == 29 && !DateTime.IsLeapYear(year);
        var date = missing ? leapDayInMarch ? new DateOnly(year, 3, 1) : new DateOnly(year, 2, 28) : new DateOnly(year, Month, Day);
        return date.DayNumber - Time.UnixEpochDay;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public void Write(SnapshotWriter to)
    {
        to.Byte(Month);
        if (!IsKnown) return;
        to.Byte(Day);
        to.Unsigned((ulong)Year);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Birthday Read(ref SnapshotReader from)
    {
        var month = from.Byte();
        return month == 0 ? default : new Birthday(month, from.Byte(), (short)from.Unsigned());
    }

    private static Birthday Of(int year, ReadOnlySpan<byte> monthAndDay)
    {
        if (monthAndDay[2] != '-' || Number(monthAndDay[..2]) is not (>= 1 and <= 12 and var month)) return default;
        return Number(monthAndDay[3..]) is >= 1 and var day && day <= DateTime.DaysInMonth(year, month)
            ? new Birthday((byte)month, (byte)day, 0) : default;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return -1;
            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
