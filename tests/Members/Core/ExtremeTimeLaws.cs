using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Views;
using Streaming.Members.CareActions;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Profiles;
using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Tests;

/// <summary>No time whatever stops the core: what lies outside the calendar counts as its end, through every capability.</summary>
public class ExtremeTimeLaws
{
    private static readonly Gen<long> Instant = Gen.OneOf(
        Gen.Elements(
            long.MinValue, -1, 0, 1, 86_400_000, 1_772_366_400_000, Time.Latest - 1, Time.Latest, Time.Latest + 1, 253_402_300_799_999,
                253_402_300_800_000,
            long.MaxValue / 2, long.MaxValue - 1, long.MaxValue, -62_135_596_800_001, int.MaxValue * 86_400_000L, 1_772_366_400_000_000),
        from near in Gen.Elements(1_772_366_400_000, Time.Latest) from days in Gen.Choose(-40_000, 40_000) select near + (days * Time.Day),
        ArbMap.Default.GeneratorFor<long>());

    private static readonly Gen<(int What, EventKind Kind, long At, long Now, int Number)> Step =
        from what in Gen.Frequency((6, Gen.Constant(0)), (2, Gen.Constant(1)), (1, Gen.Constant(2)))
        from kind in Gen.Elements(Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None))
        from at in Instant
        from now in Instant
        from number in Gen.Choose(0, 1_000_000)
        select (what, kind, at, now, number);

    private static readonly RuleSet Rules = new()
    {
        Points = new PointsRules { ExpireAfterMonths = 120 },
        Lifecycle = new LifecycleRules { DormantDays = 3650, LapsedDays = 36500 },
    };

    [Fact]
    public void No_time_makes_the_core_throw() => Prop.ForAll(Step.ListOf().ToArbitrary(), steps =>
    {
        foreach (var rules in new[] { new RuleSet(), Rules })
        {
            var (member, effects, writer) = (new Member(), new EffectBuffer(), new SnapshotWriter());
            member.Reset("m-1"u8);
            foreach (var step in steps)
            {
                if (step.What == 0) MemberCore.Apply(member, Event(step.Kind, step.At, step.Number), step.Now, rules, effects);
                else if (step.What == 1) MemberCore.Wake(member, step.At, step.Now, rules, effects);
                else MemberCore.Settle(member, rules, rules, step.Now, effects);
                Assert.True(member.Due is Member.Never or <= Time.Latest);
                effects.Clear();
                writer.Clear();
                member.Write(writer);
                var read = new Member();
                read.Reset("m-1"u8);
                read.Read(writer.Written);
                MemberView.Of(read, rules, step.Now);
                _ = read.Facets;
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_day_or_instant_makes_a_zone_or_a_calendar_throw()
    {
        var zones = Gen.Elements("Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati", "UTC+14", "UTC-12", "Africa/Monrovia")
            .Select(name => Zones.Find(System.Text.Encoding.UTF8.GetBytes(name))!);
        Prop.ForAll(zones.ToArbitrary(), Instant.ToArbitrary(), ArbMap.Default.ArbFor<int>(), (zone, at, number) =>
        {
            var day = zone.DayAt(at);
            Assert.InRange(zone.TimeOfDayAt(at), 0, Time.Day - 1);
            zone.InstantOf(number);
            zone.InstantOf(day, 1);
            Time.AddMonths(number, 120);
            Time.AddMonths(day, number & 0xFFF);
            Time.Text(at);
            Time.DayOf(at);
            new Birthday(2, 29, 0).DayIn(number, true);
            QuietHours.EndsAt(zone, at, new TimeOnly(21, 0), new TimeOnly(9, 0));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static MemberEvent Event(EventKind kind, long at, int number)
    {
        var e = new MemberEvent
        {
            Kind = kind, At = at, Member = Text.From("m-1"), Id = Text.From($"{number}"), Order = Text.From($"o{number % 50}"),
                Amount = number * 10_000L,
            Currency = Text.From("EUR"), Request = Text.From($"r{number}"), Points = number % 100, From = Text.From("m-2"),
                Author = Text.From("m-3"),
        };
        if (kind is not (EventKind.Joined or EventKind.Updated)) return e;
        e.Birthday = Text.From(number % 2 == 0 ? "--02-29" : "--12-31");
        e.Zone = Text.From(number % 3 == 0 ? "Pacific/Kiritimati" : "America/St_Johns");
        return e;
    }
}
