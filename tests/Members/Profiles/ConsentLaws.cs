using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Views;
using Streaming.Members.CareActions;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Profiles;
using Streaming.Members.Rules;

namespace Streaming.Members.Tests;

/// <summary>A refusal of consent is never forgotten, whatever else is said, in whatever case and however much.</summary>
public class ConsentLaws
{
    private static readonly Gen<(string Channel, bool Given)> Said =
        from number in Gen.Choose(0, 30)
        from upper in Gen.Choose(0, 1)
        from given in Gen.Elements(true, false)
        select ((upper == 1 ? "KANAL-É" : "kanal-é") + number, given);

    [Fact]
    public void The_latest_refusal_of_a_channel_holds() => Prop.ForAll(Said.ListOf().ToArbitrary(), all =>
    {
        var life = new MemberTimeline();
        var last = new Dictionary<string, bool>();
        var at = MemberTimeline.Day(1);
        foreach (var (channel, given) in all)
        {
            life.Happens(EventKind.Consent, at++, e => e.Consent.Add(new(Text.From(channel), given)));
            last[channel.ToLowerInvariant()] = given;
        }

        var consent = life.Member.Profile.Consent;
        foreach (var (channel, given) in last)
        {
            var answer = consent.To(Encoding.UTF8.GetBytes(channel.ToUpperInvariant()));
            if (!given) Assert.False(answer);
            else if (last.Count <= TextTable.MaxEntries) Assert.True(answer);
        }

        if (last.Count <= TextTable.MaxEntries) Assert.Null(consent.To("never named"u8));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    // Words about eight channels and about all of them, within four milliseconds: many are of one time.
    private static readonly Gen<(string Channel, bool Given, bool IsReach, long At)> Word =
        from number in Gen.Choose(0, 8)
        from upper in Gen.Elements(true, false)
        from given in Gen.Elements(true, false)
        from isReach in Gen.Elements(true, false)
        from after in Gen.Choose(0, 3)
        select (number == 0 ? "*" : (upper ? "KANAL-É" : "kanal-é") + number, given, isReach, MemberTimeline.Day(1) + after);

    private static readonly Gen<((string Channel, bool Given, bool IsReach, long At)[] Words, int[] Order)> Shuffled =
        from words in Word.ArrayOf()
        from order in Gen.Shuffle(Enumerable.Range(0, words.Length).ToArray())
        select (words, order);

    [Fact]
    public void Consent_does_not_depend_on_the_order_of_arrival_and_a_refusal_wins_at_equal_times() =>
        Prop.ForAll(Shuffled.ToArbitrary(), said =>
        {
            var (words, order) = said;
            foreach (var throughSnapshots in new[] { true, false })
            {
                var (told, shuffled) = (new MemberTimeline(null, throughSnapshots), new MemberTimeline(null, throughSnapshots));
                foreach (var word in words) Say(told, word);
                foreach (var i in order) Say(shuffled, words[i]);
                foreach (var isReach in new[] { true, false })
                {
                    Assert.Equal(Answers(told, isReach), Answers(shuffled, isReach));
                    for (var channel = 1; channel <= 9; channel++)
                    {
                        var about = words.Where(w => w.IsReach == isReach && (w.Channel == "*" ? !w.Given
                            : w.Channel.EndsWith($"{channel}", StringComparison.Ordinal))).ToList();
                        var expected = about.Count == 0 ? (bool?)null : about.Where(w => w.At == about.Max(a => a.At)).All(w => w.Given);
                        Assert.Equal(expected, State(shuffled, isReach).To(Encoding.UTF8.GetBytes($"Kanal-é{channel}")));
                    }
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static readonly Gen<(int Channel, bool Given, long At)> CrowdedWord =
        from number in Gen.Choose(0, 24)
        from given in Gen.Elements(true, false)
        from after in Gen.Choose(0, 40)
        select (number, given, MemberTimeline.Day(1) + after);

    [Fact]
    public void No_refusal_is_lost_in_any_order_of_consent_events() => Prop.ForAll(CrowdedWord.ListOf().ToArbitrary(), words =>
    {
        var life = new MemberTimeline();
        foreach (var (number, given, at) in words) Say(life, (number == 0 ? "*" : $"c{number}", given, false, at));
        for (var number = 1; number <= 24; number++)
        {
            var about = words.Where(w => w.Channel == number || (w.Channel == 0 && !w.Given)).ToList();
            if (about.Count == 0 || about.Where(w => w.At == about.Max(a => a.At)).All(w => w.Given)) continue;
            Assert.False(life.Member.Profile.Consent.To(Encoding.UTF8.GetBytes($"c{number}")));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    // The decoder takes no yes to every channel.
    private static void Say(MemberTimeline life, (string Channel, bool Given, bool IsReach, long At) word)
    {
        if (word.Given && word.Channel == "*") return;
        life.Happens(word.IsReach ? EventKind.Reach : EventKind.Consent, word.At, e =>
            (word.IsReach ? e.Reach : e.Consent).Add(new(Text.From(word.Channel), word.Given)));
    }

    private static ChannelAnswers State(MemberTimeline life, bool isReach) =>
        isReach ? life.Member.Profile.Reach : life.Member.Profile.Consent;

    private static IEnumerable<(string, bool)> Answers(MemberTimeline life, bool isReach) =>
        State(life, isReach).ToDictionary().Select(a => (a.Key.ToLowerInvariant(), a.Value)).Order();

    [Theory]
    [InlineData(0, false)]
    [InlineData(300, false)]
    [InlineData(-300, true)]
    public void A_consent_lifts_only_an_earlier_refusal(double refusedAfter, bool allowed)
    {
        var (yes, no) = (MemberTimeline.Day(400), MemberTimeline.Day(400 + refusedAfter));
        foreach (var isYesFirst in new[] { true, false })
        {
            var life = new MemberTimeline();
            Say(life, ("sms", isYesFirst, false, isYesFirst ? yes : no));
            Say(life, ("sms", !isYesFirst, false, isYesFirst ? no : yes));
            Assert.Equal(allowed, life.Member.Profile.Consent.To("sms"u8));
        }
    }

    [Fact]
    public void Reach_followed_lifts_a_refusal_of_reach_and_none_of_consent()
    {
        var life = new MemberTimeline();
        bool Allowed(string channel) => life.Member.Profile.Allows(Encoding.UTF8.GetBytes(channel), unasked: true);
        Say(life, ("sms", false, true, MemberTimeline.Day(1)));
        Assert.False(Allowed("SMS"));
        Say(life, ("sms", true, false, MemberTimeline.Day(2)));
        Assert.False(Allowed("sms")); // a yes to consent makes nobody reachable
        Say(life, ("sms", true, true, MemberTimeline.Day(3)));
        Assert.True(Allowed("sms"));
        Say(life, ("sms", false, false, MemberTimeline.Day(4)));
        Say(life, ("sms", true, true, MemberTimeline.Day(5)));
        Assert.False(Allowed("sms"));
        Assert.Equal([("sms", true)], MemberView.Of(life.Member, life.Rules, MemberTimeline.Day(5)).Facts.Reach.Select(r => (r.Key,
            r.Value)));
    }

    [Fact]
    public void A_channel_that_was_blocked_gets_no_care()
    {
        var life = new MemberTimeline(new RuleSet { Care = new CareRules { Channels = ["app"] } });
        life.Happens(EventKind.Reach, "2026-03-01T10:00Z", e => e.Reach.Add(new(Text.From("App"), false)));
        life.Happens(EventKind.Paid, "2026-03-01T12:00Z", MemberTimeline.Of("o", 1));
        Assert.Empty(life.Of(EffectKind.CareAction));
        Assert.Equal("no-consent", Assert.Single(life.Of(EffectKind.CareSuppressed)).Reason);
    }

    [Fact]
    public void A_refusal_of_a_seventeenth_channel_is_kept()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Consent, MemberTimeline.Day(0), e =>
        {
            for (var i = 0; i < 16; i++) e.Consent.Add(new(Text.From($"c{i}"), true));
        });
        life.Happens(EventKind.Consent, MemberTimeline.Day(1), e => e.Consent.Add(new(Text.From("email"), false)));
        Assert.False(life.Member.Profile.Consent.To("email"u8));
        Assert.True(life.Member.Profile.Consent.To("c3"u8));
        Assert.Equal(["channel-unknown"], MemberView.Of(life.Member, life.Rules, MemberTimeline.Day(1)).Facts.Warnings);
    }

    [Theory]
    [InlineData(EventKind.Left)]
    [InlineData(EventKind.Redeem)]
    [InlineData(EventKind.Outcome)]
    [InlineData(EventKind.Adjust)]
    public void A_refusal_counts_in_an_event_of_any_kind_and_a_yes_does_not(EventKind kind)
    {
        var life = new MemberTimeline();
        life.Happens(kind, MemberTimeline.Day(0), e =>
        {
            e.Request = Text.From("r");
            e.Consent.Add(new(Text.From("email"), false));
            e.Consent.Add(new(Text.From("sms"), true));
        });
        Assert.False(life.Member.Profile.Consent.To("email"u8));
        Assert.Null(life.Member.Profile.Consent.To("sms"u8));
    }

    [Fact]
    public void Refusal_outweighs_consent_in_one_event()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Consent, MemberTimeline.Day(0), e =>
        {
            e.Consent.Add(new(Text.From("Email"), false));
            e.Consent.Add(new(Text.From("email"), true));
        });
        Assert.False(life.Member.Profile.Consent.To("EMAIL"u8));
    }

    [Fact]
    public void Every_channel_can_be_refused_at_once_and_one_given_again()
    {
        var life = new MemberTimeline();
        life.Happens(EventKind.Consent, MemberTimeline.Day(0), e => e.Consent.Add(new(Text.From("sms"), true)));
        life.Happens(EventKind.Consent, MemberTimeline.Day(1), e => e.Consent.Add(new(ChannelAnswers.Every, false)));
        Assert.False(life.Member.Profile.Consent.To("sms"u8));
        life.Happens(EventKind.Consent, MemberTimeline.Day(2), e => e.Consent.Add(new(Text.From("app"), true)));
        var view = MemberView.Of(life.Member, life.Rules, MemberTimeline.Day(2));
        Assert.Equal([("*", false), ("app", true)], view.Facts.Consent.Select(c => (c.Key, c.Value))
            .OrderBy(c => c.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("APP", false)]
    [InlineData("app", false)]
    [InlineData("fax", true)]
    public void Channel_names_are_case_insensitive_also_for_care(string refused, bool leaves)
    {
        var life = new MemberTimeline(new RuleSet { Care = new CareRules { Channels = ["App"] } });
        life.Happens(EventKind.Consent, "2026-03-01T10:00Z", e => e.Consent.Add(new(Text.From(refused), false)));
        life.Happens(EventKind.Paid, "2026-03-01T12:00Z", e =>
        {
            e.Order = Text.From("o");
            e.Amount = 10_000;
            e.Currency = Text.From("EUR");
        });
        Assert.Equal(leaves, life.Of(EffectKind.CareAction).Any());
        Assert.Equal(leaves ? ["fax"] : [],
            MemberView.Of(life.Member, life.Rules, MemberTimeline.Time("2026-03-01T12:00Z")).Facts.UnknownChannels);
    }

    [Fact]
    public void Rules_refuse_channels_that_only_differ_in_case_or_mean_every_channel()
    {
        Assert.NotEmpty(new RuleSet { Care = new CareRules { Channels = ["email", "Email"] } }.Validate());
        Assert.NotEmpty(new RuleSet { Care = new CareRules { Channels = ["*"] } }.Validate());
        Assert.NotEmpty(new RuleSet { Care = new CareRules { Channels = [new string('信', 22)] } }.Validate());
    }
}
