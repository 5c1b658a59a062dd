using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

public class BadgesAndLevelsTests
{
    [Fact]
    public void A_badge_is_earned_once_and_at_its_count() => Prop.ForAll(Gen.Choose(0, 40).ToArbitrary(), count =>
    {
        var life = new MemberTimeline();
        var earned = Enumerable.Range(0, count).SelectMany(i => life.Happens(EventKind.Review, Time("2026-01-01T00:00Z") + i))
            .Where(e => e.Rule == "badges.reviewer").ToList();
        Assert.Equal(count >= 10 ? 1 : 0, earned.Count);
        Assert.Equal(count >= 10, life.Member.Badges.Has(3));
        Assert.Equal(count >= 10 ? 0 : count, life.Member.Badges.Progress(3));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_first_purchase_has_its_badge()
    {
        var told = new MemberTimeline().Pays("2026-01-01T12:00Z", 0.01m).Single(e => e.Kind == EffectKind.BadgeEarned);
        Assert.Equal(("badges.first-purchase", "first-purchase", 0), (told.Rule, told.To, told.Value));
    }

    [Fact]
    public void A_spending_badge_counts_its_currency_only()
    {
        var life = new MemberTimeline(new RuleSet { Badges =
            new() { List = [new() { Name = "yen", Number = 9, Spend = 1_000_000, Currency = "JPY" }] } });
        Assert.DoesNotContain(life.Pays("2026-01-01T12:00Z", 1000, "EUR"), e => e.Kind == EffectKind.BadgeEarned);
        Assert.DoesNotContain(life.Pays("2026-01-02T12:00Z", 99, "JPY"), e => e.Kind == EffectKind.BadgeEarned);
        var earned = Assert.Single(life.Pays("2026-01-03T12:00Z", 1, "JPY"), e => e.Kind == EffectKind.BadgeEarned);
        Assert.Equal(100, earned.Why["goal"]);
    }

    [Fact]
    public void A_week_of_check_ins_has_its_badge()
    {
        var life = new MemberTimeline();
        for (var day = 1; day <= 7; day++) life.Happens(EventKind.Checkin, $"2026-01-0{day}T12:00Z");
        Assert.Equal(["badges.one-week"], life.Effects.Where(e => e.Kind == EffectKind.BadgeEarned).Select(e => e.Rule));
    }

    [Fact]
    public void A_retired_badge_is_kept_and_no_longer_earned()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-01T12:00Z", 1);
        life.Settles(new RuleSet { Badges = new() { List = [new() { Name = "first-purchase", Number = 0, Event = EventKind.Paid, Count = 1,
            Retired = true }] } }, Time("2026-01-02T00:00Z"));
        Assert.True(life.Member.Badges.Has(0));
        var other = new MemberTimeline(life.Rules);
        Assert.DoesNotContain(other.Pays("2026-01-03T12:00Z", 1), e => e.Kind == EffectKind.BadgeEarned);
    }

    [Fact]
    public void Growth_value_reaches_levels_and_spending_points_does_not_lower_it()
    {
        var life = new MemberTimeline();
        Assert.DoesNotContain(life.Pays("2026-01-01T12:00Z", 499), e => e.Kind == EffectKind.LevelChanged);
        var silver = Assert.Single(life.Pays("2026-01-02T12:00Z", 1), e => e.Kind == EffectKind.LevelChanged);
        Assert.Equal(("levels.silver", "bronze", "silver", 2), (silver.Rule, silver.From, silver.To, silver.Value));
        Assert.Equal(2_000, silver.Why["next"]);
        life.Happens(EventKind.Redeem, Time("2026-01-03T12:00Z"), Redeem(500, "q-1"));
        Assert.Equal((0L, 500L, (byte)2), (life.Member.Points.Balance, life.Member.Growth.Growth, life.Member.Growth.Level));
        Assert.Equal("gold", Assert.Single(life.Pays("2026-01-04T12:00Z", 5_000), e => e.Kind == EffectKind.LevelChanged).To);
    }

    [Fact]
    public void A_level_moved_by_new_rules_is_told_at_once_with_the_rules_as_its_cause()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-01T12:00Z", 600);
        var rules = new RuleSet { Levels = new() { List = [new() { Name = "bronze", Growth = 0 },
            new() { Name = "steel", Growth = 100 }] } }.Named(0xAB);
        var told = Assert.Single(life.Settles(rules, Time("2026-01-02T00:00Z")));
        // silver is gone
        Assert.Equal((EffectKind.LevelChanged, null, "steel", "rules/00000000000000ab", Time("2026-01-02T00:00Z")),
            (told.Kind, told.From, told.To, told.Cause, told.At));
        Assert.DoesNotContain(life.Happens(EventKind.View, "2026-01-03T12:01Z"), e => e.Kind == EffectKind.LevelChanged);
    }

    [Fact]
    public void Wrong_badges_and_levels_are_named()
    {
        var rules = new RuleSet
        {
            Badges = new()
            {
                List =
                [
                    new() { Name = "one", Number = 1, Streak = 3 },
                    new() { Name = "two", Number = 1, Streak = 3 },
                    new() { Name = "three", Number = 64, Event = EventKind.Paid },
                ],
            },
            Levels = new() { List = [new() { Name = "a", Growth = 5 }, new() { Name = "A", Growth = 5 }] },
        };
        var errors = rules.Validate();
        Assert.Contains(errors, e => e.StartsWith("badges.list[1].number 1 belongs to 'one'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("badges.list[2].number must be 0 to 63, not 64", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("badges.list[2] must have exactly one of", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("levels.list[0].growth must be 0", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("levels.list[1].growth must be more", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("levels.list[1].name must be 1 to 48 lower-case", StringComparison.Ordinal));
    }
}
