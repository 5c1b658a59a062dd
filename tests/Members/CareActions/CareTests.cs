using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Views;
using Streaming.Members.CareActions;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

public class CareTests
{
    [Fact]
    public void The_first_purchase_is_thanked_for_once()
    {
        var life = new MemberTimeline();
        var thanks = Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10)));
        Assert.Equal((EffectKind.CareAction, "care.first-purchase-thanks", "first-purchase-thanks", "app", "purchases/e-1"),
            (thanks.Kind, thanks.Rule, thanks.To, thanks.Subject, thanks.Cause));
        Assert.Empty(Care(life.Pays("2026-01-06T12:00Z", 10)));
    }

    [Fact]
    public void Thanks_are_held_until_the_members_quiet_hours_end()
    {
        var life = new MemberTimeline().In("Asia/Shanghai");
        var purchase = "2026-01-05T14:30Z"; // 22:30 there
        var due = Time("2026-01-06T01:00Z"); // 09:00 there
        var held = Assert.Single(Care(life.Pays(purchase, 10)));
        Assert.Equal((EffectKind.CareHeld, "quiet-hours", due, due, "purchases/e-2", "first-purchase-thanks"),
            (held.Kind, held.Reason, held.Until, held.Value, held.Cause, held.To));
        var shown = Assert.Single(MemberView.Of(life.Member, life.Rules, life.Member.Now).Care.Held);
        Assert.Equal(("first-purchase-thanks", "2026-01-06T01:00:00.000Z"), (shown.Action, shown.Until));
        Assert.Equal(due, CareActions.Care.Due(life.Member, life.Rules));
        Assert.Empty(Care(life.Wakes(due - 1)));
        var thanks = Assert.Single(Care(life.Wakes(due, due + 5)));
        Assert.Equal((due, "purchases/e-2", EffectKind.CareAction), (thanks.At, thanks.Cause, thanks.Kind));
        Assert.Empty(Care(life.Wakes(due + 1_000)));
        Assert.Empty(MemberView.Of(life.Member, life.Rules, due).Care.Held);
    }

    [Fact]
    public void Thanks_for_a_purchase_read_late_follow_the_members_clock()
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { NotAfterHours = 48 } });
        Assert.Equal(EffectKind.CareHeld,
            Assert.Single(Care(life.Happens(EventKind.Paid, "2026-01-05T14:00Z", Paid(10), now: "2026-01-07T03:00Z"))).Kind);
        Assert.Equal(Time("2026-01-07T09:00Z"), Assert.Single(Care(life.Wakes("2026-01-07T09:00Z"))).At);
    }

    [Fact]
    public void A_late_wake_in_quiet_hours_waits_for_the_next_morning()
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { NotAfterHours = 48 } });
        var first = Assert.Single(Care(life.Pays("2026-01-05T22:00Z", 10)));
        var again = Assert.Single(Care(life.Wakes("2026-01-06T23:00Z")));
        Assert.Equal((EffectKind.CareHeld, Time("2026-01-07T09:00Z")), (again.Kind, again.Until));
        Assert.NotEqual(first.Id, again.Id);
        Assert.Equal(Time("2026-01-07T09:00Z"), Assert.Single(Care(life.Wakes("2026-01-07T09:00Z"))).At);
    }

    [Fact]
    public void Thanks_without_consent_are_suppressed_with_the_reason()
    {
        var life = new MemberTimeline();
        Consents(life, ("app", false), ("sms", false), ("email", false));
        var suppressed = Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10)));
        Assert.Equal((EffectKind.CareSuppressed, "no-consent", "first-purchase-thanks"),
            (suppressed.Kind, suppressed.Reason, suppressed.To));
    }

    [Fact]
    public void Consent_withdrawn_overnight_suppresses_held_thanks()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-05T22:00Z", 10);
        Consents(life, ("app", false), ("sms", false), ("email", false));
        Assert.Equal("no-consent", Assert.Single(Care(life.Wakes("2026-01-06T09:00Z"))).Reason);
    }

    [Fact]
    public void The_channel_is_the_first_of_the_members_own_order_that_is_allowed()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Updated, "2026-01-01T12:00Z", e =>
            e.Channels.AddRange([Text.From("pigeon"), Text.From("email"), Text.From("sms")]));
        Consents(life, ("email", false));
        Assert.Equal("sms", Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10))).Subject);
    }

    [Fact]
    public void With_required_consent_a_member_without_consent_gets_no_care()
    {
        var rules = new RuleSet { Care = new() { RequireConsent = true } };
        Assert.Equal("no-consent", Assert.Single(Care(new MemberTimeline(rules).Pays("2026-01-05T12:00Z", 10))).Reason);
        var life = new MemberTimeline(rules);
        Consents(life, ("sms", true));
        Assert.Equal("sms", Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10))).Subject);
    }

    [Fact]
    public void A_member_who_left_gets_no_care()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-05T22:00Z", 10);
        life.Happens(EventKind.Left, "2026-01-05T23:00Z");
        Assert.Equal("left", Assert.Single(Care(life.Wakes("2026-01-06T09:00Z"))).Reason);
    }

    [Fact]
    public void The_weekly_cap_keeps_a_place_for_the_birthday_greeting()
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { WeeklyCap = 1 } });
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--01-06"));
        var capped = Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10)));
        Assert.Equal(("frequency-cap", 0, 1, 1),
            (capped.Reason, capped.Why["sentWithinWeek"], capped.Why["reservedForBirthday"], capped.Why["weeklyCap"]));
        Assert.Equal(EffectKind.CareAction, Assert.Single(Care(life.Wakes("2026-01-06T10:00Z"))).Kind);
    }

    [Fact]
    public void With_a_weekly_cap_of_two_thanks_and_greeting_both_leave()
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { WeeklyCap = 2 } });
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--01-06"));
        life.Pays("2026-01-05T12:00Z", 10);
        life.Wakes("2026-01-06T10:00Z");
        Assert.Equal([EffectKind.CareAction, EffectKind.CareAction], Care(life.Effects).Select(e => e.Kind).ToArray());
    }

    [Fact]
    public void A_birthday_declared_after_the_cap_is_full_is_still_greeted()
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { WeeklyCap = 1 } });
        Assert.Equal(EffectKind.CareAction, Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10))).Kind);
        life.Happens(EventKind.Updated, "2026-01-05T13:00Z", e => e.Birthday = Text.From("--01-06"));
        Assert.Equal(EffectKind.CareAction, Assert.Single(Care(life.Wakes("2026-01-06T10:00Z"))).Kind);
    }

    [Theory]
    [InlineData("2026-01-10T10:00Z", "frequency-cap")]
    [InlineData("2026-01-11T10:00Z", null)] // a week after the greeting
    public void A_greeting_counts_towards_the_weekly_cap(string purchase, string? reason)
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { WeeklyCap = 1 } });
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--01-04"));
        life.Wakes("2026-01-04T10:00Z");
        Assert.Equal(reason, Assert.Single(Care(life.Pays(purchase, 10))).Reason);
    }

    [Theory]
    [InlineData("2026-01-05T12:00Z", "2026-01-06T12:00Z", null)]
    [InlineData("2026-01-05T12:00Z", "2026-01-06T12:01Z", "lapsed")]
    [InlineData("2025-06-05T12:00Z", "2026-01-06T12:00Z", "lapsed")] // history read in by the live pipeline
    [InlineData("2026-01-05T08:30Z", "2026-01-06T08:15Z", "lapsed")] // it would be held until it is too old
    public void Thanks_lapse_after_notAfterHours(string purchase, string read, string? reason)
    {
        var life = new MemberTimeline();
        Assert.Equal(reason, Assert.Single(Care(life.Happens(EventKind.Paid, purchase, Paid(10), now: read))).Reason);
        Assert.Empty(Care(life.Wakes("2026-02-01T12:00Z")));
    }

    [Fact]
    public void Held_thanks_lapse_when_the_process_was_stopped_too_long()
    {
        var life = new MemberTimeline();
        life.Pays("2026-01-05T22:00Z", 10);
        var lapsed = Assert.Single(Care(life.Wakes("2026-03-06T12:00Z")));
        Assert.Equal((EffectKind.CareSuppressed, "lapsed", 24), (lapsed.Kind, lapsed.Reason, lapsed.Why["notAfterHours"]));
    }

    [Fact]
    public void No_care_action_leaves_later_than_notAfterHours() =>
        Prop.ForAll(Lives.Any, Gen.Choose(1, 100).ToArbitrary(), (inputs, hours) =>
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { NotAfterHours = hours } }, throughSnapshots: false);
        foreach (var input in inputs)
        {
            var first = life.Effects.Count;
            input.Feed(life);
            foreach (var told in Care(life.Effects[first..]))
            {
                if (told.Kind == EffectKind.CareAction && told.Cause.StartsWith("purchases/", StringComparison.Ordinal))
                {
                    var purchase = inputs.First(i => !i.Wakes && i.Kind == EventKind.Paid && $"purchases/e-{i.Id}" == told.Cause).At;
                    if (life.Member.Now - purchase > hours * Members.Time.Hour) return false;
                }
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_member_without_a_time_zone_uses_profile_defaultZone()
    {
        var rules = new RuleSet { Profile = new() { DefaultZone = "Asia/Shanghai" } };
        var life = new MemberTimeline(rules);
        life.Settles(rules, Time("2026-01-05T14:00Z"));
        Assert.Equal(Time("2026-01-06T01:00Z"), Assert.Single(Care(life.Pays("2026-01-05T14:30Z", 10))).Until); // 22:30 there
        Assert.Equal("Asia/Shanghai", MemberView.Of(life.Member, rules, life.Member.Now).Facts.Timezone);
        life.Settles(new RuleSet { Profile = new() { DefaultZone = "Europe/Berlin" } }, Time("2026-01-05T15:00Z"));
        Assert.Equal("Europe/Berlin", life.Member.Profile.Zone.Id);
        life.In("UTC");
        life.Settles(rules, Time("2026-01-05T16:00Z"));
        Assert.Equal("UTC", life.Member.Profile.Zone.Id); // declared
        Assert.Contains(new RuleSet { Profile = new() { DefaultZone = "Nowhere/Else" } }.Validate(), e =>
            e.StartsWith("profile.defaultZone must be an IANA name", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1990-05-20", LeapDay.February28, "2026-05-20T10:00Z", "2027-05-20T10:00Z")]
    [InlineData("--01-01", LeapDay.February28, "2027-01-01T10:00Z", "2028-01-01T10:00Z")] // told later on that very day
    [InlineData("1992-02-29", LeapDay.February28, "2026-02-28T10:00Z", "2027-02-28T10:00Z")]
    [InlineData("--02-29", LeapDay.March1, "2026-03-01T10:00Z", "2027-03-01T10:00Z")]
    public void A_birthday_is_greeted_once_a_year(string birthday, LeapDay leapDay, string first, string second)
    {
        var life = new MemberTimeline(new RuleSet { Care = new() { LeapDay = leapDay } });
        life.Happens(EventKind.Joined, "2026-01-01T10:00:01Z", e => e.Birthday = Text.From(birthday));
        foreach (var at in new[] { first, second })
        {
            var due = Time(at);
            Assert.Equal(due, CareActions.Care.Due(life.Member, life.Rules));
            var greeting = Assert.Single(Care(life.Wakes(due)));
            Assert.Equal((due, $"birthday/{at[..4]}", "birthday-greeting"), (greeting.At, greeting.Cause, greeting.To));
        }
    }

    [Fact]
    public void A_birthday_on_29_February_is_greeted_on_that_day_in_a_leap_year()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Joined, "2027-06-01T00:00Z", e => e.Birthday = Text.From("1992-02-29"));
        Assert.Equal(Time("2028-02-29T10:00Z"), CareActions.Care.Due(life.Member, life.Rules));
    }

    [Fact]
    public void A_greeting_that_is_a_year_late_lapses_once_and_the_next_birthday_is_greeted()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--05-20"));
        Assert.Equal(
            [(EffectKind.CareSuppressed, "birthday/2026", "lapsed"), (EffectKind.CareHeld, "birthday/2027", "quiet-hours")],
            Care(life.Wakes("2027-05-20T23:00Z")).Select(e => (e.Kind, e.Cause, e.Reason!)).ToArray());
        Assert.Equal("birthday-greeting", Assert.Single(MemberView.Of(life.Member, life.Rules, life.Member.Now).Care.Held).Action);
        Assert.Equal("birthday/2027", Assert.Single(Care(life.Wakes("2027-05-21T09:00Z"))).Cause);
        Assert.Equal(Time("2028-05-20T10:00Z"), CareActions.Care.Due(life.Member, life.Rules));
    }

    [Fact]
    public void A_changed_birthday_brings_no_second_greeting_that_year()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--05-20"));
        life.Wakes("2026-05-20T10:00Z");
        life.Happens(EventKind.Updated, "2026-06-01T12:00Z", e => e.Birthday = Text.From("--12-01"));
        Assert.Equal(Time("2027-12-01T10:00Z"), CareActions.Care.Due(life.Member, life.Rules));
    }

    [Fact]
    public void The_greeting_follows_a_changed_zone_and_a_changed_hour()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--07-20"));
        life.Happens(EventKind.Updated, "2026-01-02T12:00Z", e => e.Zone = Text.From("Europe/Berlin"));
        Assert.Equal(Time("2026-07-20T08:00Z"), CareActions.Care.Due(life.Member, life.Rules));
        life.Settles(new RuleSet { Care = new() { BirthdayAt = new(12, 30) } }, Time("2026-01-03T12:00Z"));
        Assert.Equal(Time("2026-07-20T10:30Z"), CareActions.Care.Due(life.Member, life.Rules));
        life.Settles(new RuleSet { Care = new() { BirthdayGreeting = false } }, Time("2026-01-04T12:00Z"));
        Assert.Equal(Member.Never, CareActions.Care.Due(life.Member, life.Rules));
    }

    private static void Consents(MemberTimeline life, params (string Channel, bool Given)[] consents) => life.Happens(
        EventKind.Consent, life.Member.Now, e =>
            e.Consent.AddRange(consents.Select(c => new ChannelAnswer(Text.From(c.Channel), c.Given))));

    private static List<EffectCopy> Care(IReadOnlyList<EffectCopy> effects) =>
        effects.Where(e => e.Kind.Stream() == Effects.Stream.CareActions).ToList();
}
