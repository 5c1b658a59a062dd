using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
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
    public void The_last_word_on_a_channel_holds_when_it_is_no() => Prop.ForAll(Said.ListOf().ToArbitrary(), all =>
    {
        var life = new Chronicle();
        var last = new Dictionary<string, bool>();
        foreach (var (channel, given) in all)
        {
            life.Happens(EventKind.Consent, Chronicle.Day(1), e => e.Consent.Add(new(Text.From(channel), given)));
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

    [Fact]
    public void A_seventeenth_channel_that_is_refused_is_refused()
    {
        var life = new Chronicle();
        life.Happens(EventKind.Consent, Chronicle.Day(0), e =>
        {
            for (var i = 0; i < 16; i++) e.Consent.Add(new(Text.From($"c{i}"), true));
        });
        life.Happens(EventKind.Consent, Chronicle.Day(1), e => e.Consent.Add(new(Text.From("email"), false)));
        Assert.False(life.Member.Profile.Consent.To("email"u8));
        Assert.True(life.Member.Profile.Consent.To("c3"u8));
        Assert.Equal(["channel-unknown"], MemberView.Of(life.Member, life.Rules, Chronicle.Day(1)).Facts.Warnings);
    }

    [Theory]
    [InlineData(EventKind.Left)]
    [InlineData(EventKind.Redeem)]
    [InlineData(EventKind.Outcome)]
    [InlineData(EventKind.Adjust)]
    public void A_refusal_counts_in_an_event_of_any_kind_and_a_yes_does_not(EventKind kind)
    {
        var life = new Chronicle();
        life.Happens(kind, Chronicle.Day(0), e =>
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
        var life = new Chronicle();
        life.Happens(EventKind.Consent, Chronicle.Day(0), e =>
        {
            e.Consent.Add(new(Text.From("Email"), false));
            e.Consent.Add(new(Text.From("email"), true));
        });
        Assert.False(life.Member.Profile.Consent.To("EMAIL"u8));
    }

    [Fact]
    public void Every_channel_can_be_refused_at_once_and_one_given_again()
    {
        var life = new Chronicle();
        life.Happens(EventKind.Consent, Chronicle.Day(0), e => e.Consent.Add(new(Text.From("sms"), true)));
        life.Happens(EventKind.Consent, Chronicle.Day(1), e => e.Consent.Add(new(ProfileConsent.Every, false)));
        Assert.False(life.Member.Profile.Consent.To("sms"u8));
        life.Happens(EventKind.Consent, Chronicle.Day(2), e => e.Consent.Add(new(Text.From("app"), true)));
        var view = MemberView.Of(life.Member, life.Rules, Chronicle.Day(2));
        Assert.Equal([("*", false), ("app", true)], view.Facts.Consent.Select(c => (c.Key, c.Value))
            .OrderBy(c => c.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("APP", false)]
    [InlineData("app", false)]
    [InlineData("fax", true)]
    public void The_name_of_a_channel_holds_in_any_case_and_care_keeps_to_it(string refused, bool leaves)
    {
        var life = new Chronicle(new RuleSet { Care = new CareRules { Channels = ["App"] } });
        life.Happens(EventKind.Consent, "2026-03-01T10:00Z", e => e.Consent.Add(new(Text.From(refused), false)));
        life.Happens(EventKind.Paid, "2026-03-01T12:00Z", e =>
        {
            e.Order = Text.From("o");
            e.Amount = 10_000;
            e.Currency = Text.From("EUR");
        });
        Assert.Equal(leaves, life.Of(EffectKind.CareAction).Any());
        Assert.Equal(leaves ? ["fax"] : [],
            MemberView.Of(life.Member, life.Rules, Chronicle.Time("2026-03-01T12:00Z")).Facts.UnknownChannels);
    }

    [Fact]
    public void Rules_refuse_channels_that_only_differ_in_case_or_mean_every_channel()
    {
        Assert.NotEmpty(new RuleSet { Care = new CareRules { Channels = ["email", "Email"] } }.Validate());
        Assert.NotEmpty(new RuleSet { Care = new CareRules { Channels = ["*"] } }.Validate());
        Assert.NotEmpty(new RuleSet { Care = new CareRules { Channels = [new string('信', 22)] } }.Validate());
    }
}
