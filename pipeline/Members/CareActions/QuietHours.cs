using Streaming.Members.Profiles;

namespace Streaming.Members.CareActions;

/// <summary>The hours of the member's local day in which no care action is sent.</summary>
public static class QuietHours
{
    private const int Day = 86_400_000;

    /// <summary>When the quiet hours around an instant end, or null when it lies outside them.</summary>
    /// <param name="zone">The member's zone.</param>
    /// <param name="now">Epoch milliseconds.</param>
    /// <param name="from">Their beginning on the wall clock.</param>
    /// <param name="until">Their end; earlier than <paramref name="from"/> = on the next day, equal = there are none.</param>
    public static long? EndsAt(Zone zone, long now, TimeOnly from, TimeOnly until)
    {
        var time = zone.TimeOfDayAt(now);
        var (start, end) = (Milliseconds(from), Milliseconds(until));
        var overnight = start > end;
        var quiet = overnight ? time >= start || time < end : time >= start && time < end;
        if (!quiet) return null;

        var day = zone.DayAt(now) + (overnight && time >= start ? 1 : 0);
        var at = zone.InstantOf(day, end);
        return at > now ? at : now + ((end - time + Day) % Day); // clocks went back over the end: it comes a second time
    }

    private static int Milliseconds(TimeOnly time) => (int)(time.Ticks / TimeSpan.TicksPerMillisecond);
}
