using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Streaming.Members.Profiles;

namespace Streaming.Members.Tests;

public class ZoneTests
{
    private static readonly string[] Names =
    [
        "UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
        "America/Sao_Paulo",
        "Asia/Kathmandu", "Antarctica/Troll", "Europe/Dublin",
    ];

    private static readonly Arbitrary<(string Name, long At)> Instants = (
        from name in Gen.Elements(Names)
        from at in Gen.Choose(0, int.MaxValue).Select(s => (s * 1000L * 2) - (s % 2))
        where at < 4_070_908_800_000
        select (name, at)).ToArbitrary();

    [Fact]
    public void Local_day_and_time_agree_with_the_zone_data() => Prop.ForAll(Instants, x =>
    {
        var zone = Find(x.Name);
        var local = Instant.FromUnixTimeMilliseconds(x.At).InZone(DateTimeZoneProviders.Tzdb[x.Name]).LocalDateTime;
        return zone.DayAt(x.At) == Period.DaysBetween(new LocalDate(1970, 1, 1), local.Date)
            && zone.TimeOfDayAt(x.At) == local.TickOfDay / 10_000;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_change_of_clocks_comes_at_its_millisecond() => Assert.All(Names, name =>
    {
        var zone = Find(name);
        var source = DateTimeZoneProviders.Tzdb[name];
        foreach (var interval in source.GetZoneIntervals(Instant.FromUtc(1970, 1, 2, 0, 0), Instant.FromUtc(2099, 12, 31, 0, 0)).Skip(1))
        {
            var at = interval.Start.ToUnixTimeMilliseconds();
            Assert.Equal(interval.WallOffset.Milliseconds, zone.OffsetAt(at));
            Assert.Equal(source.GetUtcOffset(interval.Start - Duration.FromMilliseconds(1)).Milliseconds, zone.OffsetAt(at - 1));
        }
    });

    [Fact]
    public void A_wall_clock_time_agrees_with_the_lenient_reading_of_the_zone_data() => Prop.ForAll(Instants, x =>
    {
        var zone = Find(x.Name);
        var (day, time) = (zone.DayAt(x.At), zone.TimeOfDayAt(x.At));
        var lenient = (new LocalDate(1970, 1, 1).PlusDays(day) + LocalTime.FromMillisecondsSinceMidnight(time))
            .InZoneLeniently(DateTimeZoneProviders.Tzdb[x.Name]);
        return zone.InstantOf(day, time) == lenient.ToInstant().ToUnixTimeMilliseconds();
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("asia/shanghai", "Asia/Shanghai")]
    [InlineData("America/new york", "America/New_York")]
    [InlineData(" Europe/Berlin ", "Europe/Berlin")]
    [InlineData("PRC", "PRC")]
    [InlineData("Asia/Calcutta", "Asia/Calcutta")]
    [InlineData("China Standard Time", "Asia/Shanghai")]
    [InlineData("w. europe standard time", "Europe/Berlin")]
    [InlineData("UTC+8", "UTC+08")]
    [InlineData("GMT+08:00", "UTC+08")]
    [InlineData("+0530", "UTC+05:30")]
    [InlineData("utc-3:30", "UTC-03:30")]
    [InlineData("UTC+08", "UTC+08")]
    [InlineData("-12", "UTC-12")]
    [InlineData("utc", "UTC")]
    [InlineData("Etc/GMT-8", "Etc/GMT-8")]
    public void Aliases_of_a_zone_are_the_same_zone(string name, string id)
    {
        var zone = Find(name);
        Assert.Equal(id, zone.Id);
        Assert.Same(zone, Find(zone.Id)); // as a snapshot names it
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Middle/Earth")]
    [InlineData("UTC+15")]
    [InlineData("UTC-12:15")]
    [InlineData("UTC+8:7")]
    [InlineData("UTC+08:20")]
    [InlineData("UTC+")]
    [InlineData("+")]
    [InlineData("UTC+888")]
    [InlineData("UTC+1e1")]
    public void A_malformed_zone_name_is_unknown(string name) => Assert.Null(Zones.Find(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void An_offset_is_east_of_utc_when_it_has_a_plus() => Assert.Equal(8 * 3_600_000, Find("GMT+8").OffsetAt(1_772_366_400_000));

    [Fact]
    public void Searching_a_zone_by_any_bytes_does_not_throw() => Prop.ForAll(
        Gen.OneOf(ArbMap.Default.GeneratorFor<byte[]>(), Gen.Elements("utc+-0123456789:gm ".ToCharArray()).ArrayOf()
            .Select(text => Encoding.UTF8.GetBytes(text))).ToArbitrary(),
        name => Zones.Find(name) is null or { Id.Length: > 0 }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00Z")] // skipped: shown as 03:30
    [InlineData("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00Z")] // twice: the first
    [InlineData("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00:00Z")] // midnight skipped
    [InlineData("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00:00Z")] // the whole day skipped
    public void A_time_that_a_change_of_clocks_skips_or_repeats_has_one_instant(string name, string day, string time, string instant)
    {
        var at = Find(name).InstantOf(DateOnly.Parse(day, null).DayNumber - 719_162, (int)TimeOnly.Parse(time, null)
            .ToTimeSpan().TotalMilliseconds);
        Assert.Equal(DateTimeOffset.Parse(instant, null).ToUnixTimeMilliseconds(), at);
    }

    [Fact]
    public void Every_known_zone_is_found_once_and_an_unknown_one_is_not()
    {
        Assert.All(DateTimeZoneProviders.Tzdb.Ids, id => Assert.Same(Find(id), Find(id)));
        Assert.Null(Zones.Find("Mars/Olympus"u8));
        Assert.Null(Zones.Find(default));
    }

    private static Zone Find(string name) => Zones.Find(Encoding.UTF8.GetBytes(name))!;
}
