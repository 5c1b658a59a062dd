using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using static Streaming.Members.Tests.Chronicle;

namespace Streaming.Members.Tests;

public class CareTests
{
    [Fact]
    public void The_first_purchase_is_thanked_for_once()
    {
        var life = new Chronicle();
        var thanks = Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10)));
        Assert.Equal((EffectKind.CareAction, "care.first-purchase-thanks", "first-purchase-thanks", "app", "purchases/e-1"), (thanks.Kind, thanks.Rule, thanks.To, thanks.Subject, thanks.Cause));
        Assert.Empty(Care(life.Pays("2026-01-06T12:00Z", 10)));
    }

    [Fact]
    public void Quiet_hours_hold_the_thanks_until_they_end_where_the_member_is()
    {
        var life = new Chronicle().In("Asia/Shanghai");
        var purchase = "2026-01-05T14:30Z"; // 22:30 there
        Assert.Empty(Care(life.Pays(purchase, 10)));
        var due = Time("2026-01-06T01:00Z"); // 09:00 there
        Assert.Equal(due, Members.Care.Due(life.Member, life.Rules));
        Assert.Empty(Care(life.Wakes(due - 1)));
        var thanks = Assert.Single(Care(life.Wakes(due, due + 5)));
        Assert.Equal((due, "purchases/e-2", EffectKind.CareAction), (thanks.At, thanks.Cause, thanks.Kind));
        Assert.Empty(Care(life.Wakes(due + 1_000)));
    }

    [Fact]
    public void A_purchase_read_two_days_late_is_thanked_for_by_the_members_clock()
    {
        var life = new Chronicle();
        Assert.Empty(Care(life.Happens(EventKind.Paid, "2026-01-05T14:00Z", Paid(10), now: "2026-01-07T03:00Z")));
        Assert.Equal(Time("2026-01-07T09:00Z"), Assert.Single(Care(life.Wakes("2026-01-07T09:00Z"))).At);
    }

    [Fact]
    public void A_wake_that_comes_so_late_that_it_is_night_again_waits_for_the_next_morning()
    {
        var life = new Chronicle();
        life.Pays("2026-01-05T22:00Z", 10);
        Assert.Empty(Care(life.Wakes("2026-01-06T23:00Z")));
        Assert.Equal(Time("2026-01-07T09:00Z"), Assert.Single(Care(life.Wakes("2026-01-07T09:00Z"))).At);
    }

    [Fact]
    public void Without_any_consent_it_is_suppressed_and_says_so()
    {
        var life = new Chronicle();
        Consents(life, ("app", false), ("sms", false), ("email", false));
        var suppressed = Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10)));
        Assert.Equal((EffectKind.CareSuppressed, "no-consent", "first-purchase-thanks"), (suppressed.Kind, suppressed.Reason, suppressed.To));
    }

    [Fact]
    public void A_consent_taken_back_overnight_counts_in_the_morning()
    {
        var life = new Chronicle();
        life.Pays("2026-01-05T22:00Z", 10);
        Consents(life, ("app", false), ("sms", false), ("email", false));
        Assert.Equal("no-consent", Assert.Single(Care(life.Wakes("2026-01-06T09:00Z"))).Reason);
    }

    [Fact]
    public void The_channel_is_the_first_of_the_members_own_order_that_is_allowed()
    {
        var life = new Chronicle();
        life.Happens(EventKind.Updated, "2026-01-01T12:00Z", e => e.Channels.AddRange([Text.From("pigeon"), Text.From("email"), Text.From("sms")]));
        Consents(life, ("email", false));
        Assert.Equal("sms", Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10))).Subject);
    }

    [Fact]
    public void Where_consent_is_required_silence_is_a_no()
    {
        var rules = new RuleSet { Care = new() { RequireConsent = true } };
        Assert.Equal("no-consent", Assert.Single(Care(new Chronicle(rules).Pays("2026-01-05T12:00Z", 10))).Reason);
        var life = new Chronicle(rules);
        Consents(life, ("sms", true));
        Assert.Equal("sms", Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10))).Subject);
    }

    [Fact]
    public void Who_left_is_left_alone()
    {
        var life = new Chronicle();
        life.Pays("2026-01-05T22:00Z", 10);
        life.Happens(EventKind.Left, "2026-01-05T23:00Z");
        Assert.Equal("left", Assert.Single(Care(life.Wakes("2026-01-06T09:00Z"))).Reason);
    }

    [Fact]
    public void The_weekly_cap_suppresses_and_a_week_later_no_more()
    {
        var life = new Chronicle(new RuleSet { Care = new() { WeeklyCap = 1 } });
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--01-06"));
        Assert.Equal(EffectKind.CareAction, Assert.Single(Care(life.Pays("2026-01-05T12:00Z", 10))).Kind);
        var capped = Assert.Single(Care(life.Wakes("2026-01-06T10:00Z")));
        Assert.Equal(("frequency-cap", "birthday/2026", 1), (capped.Reason, capped.Cause, capped.Why["weeklyCap"]));
        Assert.Equal(EffectKind.CareAction, Assert.Single(Care(life.Wakes("2027-01-06T10:00Z"))).Kind);
    }

    [Theory]
    [InlineData("1990-05-20", LeapDay.February28, "2026-05-20T10:00Z", "2027-05-20T10:00Z")]
    [InlineData("--01-01", LeapDay.February28, "2027-01-01T10:00Z", "2028-01-01T10:00Z")] // told later on that very day
    [InlineData("1992-02-29", LeapDay.February28, "2026-02-28T10:00Z", "2027-02-28T10:00Z")]
    [InlineData("--02-29", LeapDay.March1, "2026-03-01T10:00Z", "2027-03-01T10:00Z")]
    public void A_birthday_is_greeted_once_a_year(string birthday, LeapDay leapDay, string first, string second)
    {
        var life = new Chronicle(new RuleSet { Care = new() { LeapDay = leapDay } });
        life.Happens(EventKind.Joined, "2026-01-01T10:00:01Z", e => e.Birthday = Text.From(birthday));
        foreach (var at in new[] { first, second })
        {
            var due = Time(at);
            Assert.Equal(due, Members.Care.Due(life.Member, life.Rules));
            var greeting = Assert.Single(Care(life.Wakes(due)));
            Assert.Equal((due, $"birthday/{at[..4]}", "birthday-greeting"), (greeting.At, greeting.Cause, greeting.To));
        }
    }

    [Fact]
    public void A_leap_day_is_itself_in_a_leap_year()
    {
        var life = new Chronicle();
        life.Happens(EventKind.Joined, "2027-06-01T00:00Z", e => e.Birthday = Text.From("1992-02-29"));
        Assert.Equal(Time("2028-02-29T10:00Z"), Members.Care.Due(life.Member, life.Rules));
    }

    [Fact]
    public void A_greeting_held_past_the_next_birthday_is_one_greeting()
    {
        var life = new Chronicle();
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--05-20"));
        Assert.Empty(Care(life.Wakes("2027-05-20T23:00Z"))); // a year late, and at night
        Assert.Equal("birthday/2026", Assert.Single(Care(life.Wakes("2027-05-21T09:00Z"))).Cause);
        Assert.Equal(Time("2028-05-20T10:00Z"), Members.Care.Due(life.Member, life.Rules));
    }

    [Fact]
    public void A_birthday_moved_after_the_greeting_brings_no_second_one_that_year()
    {
        var life = new Chronicle();
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--05-20"));
        life.Wakes("2026-05-20T10:00Z");
        life.Happens(EventKind.Updated, "2026-06-01T12:00Z", e => e.Birthday = Text.From("--12-01"));
        Assert.Equal(Time("2027-12-01T10:00Z"), Members.Care.Due(life.Member, life.Rules));
    }

    [Fact]
    public void The_greeting_follows_the_member_to_another_zone_and_the_rules_to_another_hour()
    {
        var life = new Chronicle();
        life.Happens(EventKind.Joined, "2026-01-01T12:00Z", e => e.Birthday = Text.From("--07-20"));
        life.Happens(EventKind.Updated, "2026-01-02T12:00Z", e => e.Zone = Text.From("Europe/Berlin"));
        Assert.Equal(Time("2026-07-20T08:00Z"), Members.Care.Due(life.Member, life.Rules));
        life.Settles(new RuleSet { Care = new() { BirthdayAt = new(12, 30) } }, Time("2026-01-03T12:00Z"));
        Assert.Equal(Time("2026-07-20T10:30Z"), Members.Care.Due(life.Member, life.Rules));
        life.Settles(new RuleSet { Care = new() { BirthdayGreeting = false } }, Time("2026-01-04T12:00Z"));
        Assert.Equal(Member.Never, Members.Care.Due(life.Member, life.Rules));
    }

    private static void Consents(Chronicle life, params (string Channel, bool Given)[] consents) => life.Happens(
        EventKind.Consent, life.Member.Now, e => e.Consent.AddRange(consents.Select(c => new ChannelConsent(Text.From(c.Channel), c.Given))));

    private static List<Told> Care(IReadOnlyList<Told> effects) => effects.Where(e => e.Kind.Stream() == Effects.Stream.CareActions).ToList();
}
