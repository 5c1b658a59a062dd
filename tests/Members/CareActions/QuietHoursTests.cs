using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.CareActions;
using Streaming.Members.Profiles;

namespace Streaming.Members.Tests;

public class QuietHoursTests
{
    private static readonly Arbitrary<(Zone Zone, long Now, TimeOnly From, TimeOnly Until)> Cases = (
        from zone in Gen.Elements("UTC", "Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia")
        from now in Gen.Frequency(
            (2, Gen.Choose(0, 2_000_000_000).Select(s => s * 1000L)),
            (1, Gen.Choose(-7200, 7200).Select(s => MemberTimeline.Time("2026-10-25T01:00Z") + (s * 1000L)))) // clocks go back in Berlin
        from start in Gen.Choose(0, 95)
        from end in Gen.Choose(0, 95)
        select (Zones.Find(Encoding.UTF8.GetBytes(zone))!, now, TimeOnly.MinValue.AddMinutes(start * 15),
            TimeOnly.MinValue.AddMinutes(end * 15))).ToArbitrary();

    [Fact]
    public void The_end_of_quiet_hours_lies_ahead_within_about_a_day() => Prop.ForAll(Cases, x =>
        QuietHours.EndsAt(x.Zone, x.Now, x.From, x.Until) is not { } end || (end > x.Now && end - x.Now <= 49 * 3_600_000L))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_hour_of_the_day_is_quiet_or_not_as_the_wall_clock_says() => Prop.ForAll(Cases, x =>
    {
        var wall = new TimeOnly(x.Zone.TimeOfDayAt(x.Now) * TimeSpan.TicksPerMillisecond);
        return QuietHours.EndsAt(x.Zone, x.Now, x.From, x.Until) is null != (x.From != x.Until && wall.IsBetween(x.From, x.Until));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2026-03-28T22:00Z", "2026-03-29T07:00Z")] // the night the clocks go forward: 09:00 comes an hour sooner
    [InlineData("2026-10-24T20:00Z", "2026-10-25T08:00Z")] // and back: an hour later
    public void Quiet_hours_end_at_09_00_local_time(string now, string end) =>
        Assert.Equal(MemberTimeline.Time(end), QuietHours.EndsAt(Zones.Find("Europe/Berlin"u8)!, MemberTimeline.Time(now), new(21, 0),
            new(9, 0)));

    [Fact]
    public void An_end_that_is_repeated_by_a_clock_change_lies_ahead()
    {
        // 02:10 for the second time; quiet hours ended at 02:30 for the first time forty minutes ago.
        var now = MemberTimeline.Time("2026-10-25T01:10Z");
        Assert.Equal(now + (20 * 60_000), QuietHours.EndsAt(Zones.Find("Europe/Berlin"u8)!, now, new(21, 0), new(2, 30)));
    }
}
