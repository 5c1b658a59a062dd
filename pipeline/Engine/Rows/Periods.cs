namespace Streaming.Engine.Rows;

/// <summary>Days as numbers since 1970-01-01 UTC, and the day on which a week (Monday) or month begins.</summary>
internal static class Periods
{
    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    public static int Day(long at) => (int)(at / 86_400_000);

    public static int Week(int day) => day - ((day + 3) % 7);

    public static int Month(int day)
    {
        var date = DateOnly.FromDayNumber(day + Epoch);
        return day - (date.Day - 1);
    }
}
