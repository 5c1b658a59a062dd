using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

public class StreaksTests
{
    private const long Day = 86_400_000;

    private static readonly Arbitrary<(int[] Days, int[] Order, int Freezes)> Checkins = (
        from gaps in Gen.Frequency((6, Gen.Constant(1)), (2, Gen.Constant(2)), (1, Gen.Choose(3, 5))).NonEmptyListOf()
        from swaps in Gen.Choose(0, 1).ArrayOf(gaps.Count)
        from freezes in Gen.Choose(0, 3)
        select (gaps.Aggregate(new List<int> { 20_000 }, (days, gap) => [.. days, days[^1] + gap]).ToArray(), swaps, freezes))
            .ToArbitrary();

    [Fact]
    public void A_streak_does_not_depend_on_the_order_of_neighbouring_days() => Prop.ForAll(Checkins, x =>
    {
        var (length, longest) = Expected(x.Days, x.Freezes);
        var streak = Lived(Swapped(x.Days, x.Order), x.Freezes).Member.Streak;
        Assert.Equal((length, longest, x.Days[^1]), (streak.Length, streak.Longest, streak.Day));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Neighbours_out_of_order_bring_the_same_milestones() => Prop.ForAll(Checkins, x =>
    {
        static IEnumerable<double> Milestones(MemberTimeline life) =>
            life.Effects.Where(e => e.Kind == EffectKind.StreakReached).Select(e => e.Why["days"]);
        Assert.Equal(Milestones(Lived(x.Days, x.Freezes)), Milestones(Lived(Swapped(x.Days, x.Order), x.Freezes)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_milestone_is_given_once_in_a_streak() => Prop.ForAll(Checkins, x =>
    {
        var life = new MemberTimeline(new RuleSet { Streaks = new() { Freezes = x.Freezes } });
        var given = new List<long>();
        foreach (var day in x.Days)
        {
            var before = life.Member.Streak.Length;
            var told = life.Happens(EventKind.Checkin, day * Day);
            if (life.Member.Streak.Length <= before) given.Clear();
            given.AddRange(told.Where(e => e.Kind == EffectKind.StreakReached).Select(e => (long)e.Why["days"]));
        }

        Assert.Equal(life.Rules.Streaks.Milestones.Select(m => (long)m.Days).Where(days => days <= life.Member.Streak.Length), given);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-27T12:00Z", 5)] // 29 March has 23 hours
    [InlineData("Europe/Berlin", "2026-10-23T12:00Z", 5)] // 25 October has 25 hours
    [InlineData("America/New_York", "2026-03-06T12:00Z", 5)]
    [InlineData("Australia/Lord_Howe", "2026-04-03T12:00Z", 5)] // half an hour
    public void A_day_of_23_or_25_hours_counts_as_one_day(string zone, string start, int days)
    {
        var life = new MemberTimeline().In(zone);
        var first = life.Member.Profile.Zone.DayAt(Time(start));
        for (var i = 0; i < days; i++)
        {
            // The first minute of one day, the last of the next.
            var at = i % 2 == 0 ? life.Member.Profile.Zone.InstantOf(first + i)
                : life.Member.Profile.Zone.InstantOf(first + i + 1) - 60_000;
            life.Happens(EventKind.Checkin, at);
        }

        Assert.Equal(days, life.Member.Streak.Length);
    }

    [Fact]
    public void A_day_of_a_streak_is_the_members_local_day()
    {
        var times = new[] { "2026-01-01T15:00Z", "2026-01-01T17:00Z" };
        var (here, there) = (new MemberTimeline(), new MemberTimeline().In("Asia/Shanghai"));
        foreach (var at in times)
        {
            here.Happens(EventKind.Checkin, at);
            there.Happens(EventKind.Checkin, at);
        }

        Assert.Equal((1, 2), (here.Member.Streak.Length, there.Member.Streak.Length));
    }

    [Fact]
    public void One_missed_day_is_forgiven_and_a_second_within_thirty_days_is_not()
    {
        var life = new MemberTimeline();
        foreach (var day in new[] { 1, 2, 4 }) life.Happens(EventKind.Checkin, $"2026-01-{day:00}T12:00Z");
        Assert.Equal(3, life.Member.Streak.Length);
        life.Happens(EventKind.Checkin, "2026-01-06T12:00Z");
        Assert.Equal((1, 3), (life.Member.Streak.Length, life.Member.Streak.Longest));
    }

    [Fact]
    public void Thirty_days_later_a_missed_day_is_forgiven_again()
    {
        var life = new MemberTimeline();
        var start = Time("2026-01-01T12:00Z");
        foreach (var day in Enumerable.Range(0, 34).Where(d => d is not (2 or 32))) life.Happens(EventKind.Checkin, start + (day * Day));
        Assert.Equal(32, life.Member.Streak.Length);
    }

    [Fact]
    public void A_broken_streak_restores_no_freeze()
    {
        var life = new MemberTimeline();
        // the 2nd is forgiven, the 12th within 30 days of it is not
        foreach (var day in new[] { 1, 3, 10, 11, 13 }) life.Happens(EventKind.Checkin, $"2026-01-{day:00}T12:00Z");
        Assert.Equal((1, 2), (life.Member.Streak.Length, life.Member.Streak.Longest));
        foreach (var day in new[] { 1, 3 }) life.Happens(EventKind.Checkin, $"2026-02-{day:00}T12:00Z"); // 31 days later
        Assert.Equal(2, life.Member.Streak.Length);
    }

    [Fact]
    public void A_late_day_joins_two_streaks_and_brings_the_milestone()
    {
        var life = new MemberTimeline();
        foreach (var day in new[] { 1, 2, 5 }) life.Happens(EventKind.Checkin, $"2026-01-{day:00}T12:00Z");
        Assert.Equal(1, life.Member.Streak.Length);
        var told = life.Happens(EventKind.Checkin, "2026-01-04T12:00Z", null, "2026-01-05T13:00Z");
        Assert.Equal(4, life.Member.Streak.Length);
        Assert.Contains(told, e => e.Kind == EffectKind.StreakReached && e.Rule == "streaks.three-days" && e.Points == 0);
        Assert.Contains(told, e => e.Kind == EffectKind.PointsEarned && e.Rule == "streaks.three-days" && e.Points == 5);
    }

    // Neighbours change places, never twice the same day: each event is late by at most one other.
    private static int[] Swapped(int[] days, int[] swap)
    {
        var order = days.ToArray();
        for (var i = 0; i + 1 < order.Length; i++)
        {
            if (swap[i] == 1 && order[i] == days[i]) (order[i], order[i + 1]) = (order[i + 1], order[i]);
        }

        return order;
    }

    private static MemberTimeline Lived(int[] days, int freezes)
    {
        var life = new MemberTimeline(new RuleSet { Streaks = new() { Freezes = freezes } });
        foreach (var day in days) life.Happens(EventKind.Checkin, (day * Day) + 1, null, now: days.Max() * Day);
        return life;
    }

    // Read the days one after another, with the days forgiven as a list that outlives a broken streak.
    private static (int Length, int Longest) Expected(int[] days, int freezes)
    {
        var (length, longest, forgiven) = (0, 0, new List<int>());
        for (var i = 0; i < days.Length; i++)
        {
            var missed = i == 0 ? [] : Enumerable.Range(days[i - 1] + 1, days[i] - days[i - 1] - 1).ToList();
            var tried = forgiven.Concat(missed).ToList();
            var keeps = missed.All(day => tried.Count(f => f <= day && f > day - 30) <= freezes);
            length = length > 0 && keeps ? length + 1 : 1;
            if (keeps) forgiven = tried;
            longest = Math.Max(longest, length);
        }

        return (length, longest);
    }
}
