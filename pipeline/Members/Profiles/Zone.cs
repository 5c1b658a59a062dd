using System.Text;
using NodaTime;

namespace Streaming.Members.Profiles;

/// <summary>One time zone: offsets from UTC as a plain table from 1970 to 2100, beyond which the last one stays.</summary>
/// <remarks>Made from the zone data inside NodaTime, never from the machine's files. Immutable; its methods allocate nothing.</remarks>
public sealed class Zone
{
    private const long Day = 86_400_000;
    private static readonly Interval Covered = new(Instant.FromUtc(1970, 1, 1, 0, 0), Instant.FromUtc(2100, 1, 1, 0, 0));

    private const int SpanBits = 32; // spans of 50 days: at most one change of clocks in most
    private readonly long[] starts;
    private readonly int[] offsets;
    private readonly ushort[] atSpan; // the interval at the beginning of each span from 1970

    private readonly byte[] name;

    internal Zone(DateTimeZone zone)
    {
        Id = zone.Id;
        name = zone == DateTimeZone.Utc ? [] : Encoding.UTF8.GetBytes(Id);
        var intervals = zone.GetZoneIntervals(Covered).ToArray();
        starts = new long[intervals.Length];
        offsets = new int[intervals.Length];
        for (var i = 0; i < intervals.Length; i++)
        {
            starts[i] = i == 0 ? long.MinValue : intervals[i].Start.ToUnixTimeMilliseconds();
            offsets[i] = intervals[i].WallOffset.Milliseconds;
        }

        atSpan = new ushort[starts.Length == 1 ? 0 : (starts[^1] >> SpanBits) + 2];
        for (int span = 0, i = 0; span < atSpan.Length; span++)
        {
            while (i + 1 < starts.Length && starts[i + 1] <= (long)span << SpanBits) i++;
            atSpan[span] = (ushort)i;
        }
    }

    /// <summary>IANA name, for example <c>Asia/Shanghai</c>.</summary>
    public string Id { get; }

    /// <summary>The same as bytes, as snapshots keep it; empty for <see cref="Zones.Utc"/>.</summary>
    internal ReadOnlySpan<byte> Name => name;

    /// <summary>Milliseconds to add to UTC at an instant (epoch milliseconds) to get local time.</summary>
    public int OffsetAt(long at)
    {
        if (offsets.Length == 1 || at < 0) return offsets[0];
        var i = (int)atSpan[Math.Min(at >> SpanBits, atSpan.Length - 1)];
        while (i + 1 < starts.Length && starts[i + 1] <= at) i++;
        return offsets[i];
    }

    /// <summary>Local calendar day of an instant, as days since 1970-01-01.</summary>
    public int DayAt(long at)
    {
        at = Bounded(at);
        var local = at + OffsetAt(at);
        return (int)((local - (local < 0 ? Day - 1 : 0)) / Day);
    }

    /// <summary>Milliseconds since local midnight, as the wall clock shows them.</summary>
    public int TimeOfDayAt(long at)
    {
        at = Bounded(at);
        var local = (at + OffsetAt(at)) % Day;
        return (int)(local < 0 ? local + Day : local);
    }

    // bounds far outside the calendar, within which day numbers fit into an int
    private static long Bounded(long at) => Math.Clamp(at, -2 * Time.Latest, 2 * Time.Latest);

    /// <summary>The instant when the wall clock shows a time of day on a local day.</summary>
    /// <param name="day">Days since 1970-01-01.</param>
    /// <param name="timeOfDay">Milliseconds since midnight.</param>
    /// <returns>Epoch milliseconds; the first of two where clocks go back; where they jump over it, later by the jump.</returns>
    public long InstantOf(int day, int timeOfDay = 0)
    {
        var local = (day * Day) + timeOfDay;
        var before = OffsetAt(local - Day);
        var after = OffsetAt(local + Day);
        if (before == after || OffsetAt(local - before) == before) return local - before;
        return OffsetAt(local - after) == after ? local - after : local - before;
    }
}
