using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

/// <summary>A faulty fact about a member is left out alone, and consent is read as far as it can be.</summary>
public class FactTests
{
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent e = new();

    [Theory]
    [InlineData("\"birthday\":\"1999-02-29\"", FactWarnings.BirthdayInvalid)]
    [InlineData("\"birthday\":19990228", FactWarnings.BirthdayInvalid)]
    [InlineData("\"birthday\":{}", FactWarnings.BirthdayInvalid)]
    [InlineData("\"timezone\":\"Middle/Earth\"", FactWarnings.TimezoneUnknown)]
    [InlineData("\"timezone\":8", FactWarnings.TimezoneUnknown)]
    [InlineData("\"timezone\":\"UTC+8\"", FactWarnings.None)]
    [InlineData("\"attributes\":{\"bad\":{\"x\":[1]},\"ok\":1}", FactWarnings.AttributeInvalid)]
    [InlineData("\"attributes\":[1,2]", FactWarnings.AttributeInvalid)]
    [InlineData("\"channels\":[\"email\",5,\"sms\"]", FactWarnings.ChannelsInvalid)]
    [InlineData("\"channels\":\"email\"", FactWarnings.ChannelsInvalid)]
    [InlineData("\"tags\":[\"vip\"]", FactWarnings.TagInvalid)]
    [InlineData("\"tags\":\"vip\"", FactWarnings.TagInvalid)]
    [InlineData("\"tags\":{\"\":true}", FactWarnings.TagInvalid)]
    [InlineData("\"tags\":{}", FactWarnings.None)]
    [InlineData("\"referrer\":\"a\\nb\"", FactWarnings.ReferrerInvalid)]
    [InlineData("\"referrer\":17", FactWarnings.None)]
    public void A_faulty_fact_is_ignored_and_the_rest_is_kept(string fact, FactWarnings expected)
    {
        Read(fact + ",\"consent\":{\"email\":false}");
        Assert.Equal(expected, e.Warnings);
        Assert.Equal("email", e.Consent.Single().Channel.ToString());
        if (expected == FactWarnings.AttributeInvalid && fact.Contains("ok", StringComparison.Ordinal))
            Assert.Equal("ok", e.Attributes.Single().Name.ToString());
        if (expected == FactWarnings.ChannelsInvalid && fact.Contains('[', StringComparison.Ordinal))
            Assert.Equal(["email", "sms"], e.Channels.Select(c => c.ToString()));
        if (expected == FactWarnings.BirthdayInvalid) Assert.True(e.Birthday.IsEmpty);
    }

    [Theory]
    [InlineData("true", true, false)]
    [InlineData("1", true, false)]
    [InlineData("\"Yes\"", true, false)]
    [InlineData("\" on \"", true, false)]
    [InlineData("1.0", true, false)]
    [InlineData("false", false, false)]
    [InlineData("\"false\"", false, false)]
    [InlineData("\"FALSE\"", false, false)]
    [InlineData("0", false, false)]
    [InlineData("-0", false, false)]
    [InlineData("0.0e5", false, false)]
    [InlineData("\"0\"", false, false)]
    [InlineData("\"no\"", false, false)]
    [InlineData("\" N \"", false, false)]
    [InlineData("\"off\"", false, false)]
    [InlineData("\"nein\"", false, true)]
    [InlineData("2", false, true)]
    [InlineData("{\"given\":true}", false, true)]
    [InlineData("[]", false, true)]
    public void A_consent_value_is_read_in_every_accepted_form(string answer, bool given, bool unclear)
    {
        Read($"\"consent\":{{\" E-Mail\":{answer},\"sms\":null,\"app\":\"\"}}");
        Assert.Equal([("E-Mail", given)], e.Consent.Select(c => (c.Channel.ToString(), c.Given)));
        Assert.Equal(unclear ? FactWarnings.ConsentUnclear : FactWarnings.None, e.Warnings);
    }

    [Theory]
    [InlineData("false", "*", FactWarnings.None)]
    [InlineData("\"no\"", "*", FactWarnings.None)]
    [InlineData("\"withdrawn\"", "*", FactWarnings.ConsentUnclear)]
    [InlineData("true", "", FactWarnings.ConsentUnclear)]
    [InlineData("[\"email\"]", "*", FactWarnings.ConsentUnclear)]
    [InlineData("[]", "*", FactWarnings.ConsentUnclear)]
    [InlineData("[{\"sms\":false}]", "*", FactWarnings.ConsentUnclear)]
    [InlineData("[{\"channel\":\"sms\",\"value\":false}]", "*", FactWarnings.ConsentUnclear)]
    [InlineData("[{\"sms\":true}]", "*", FactWarnings.ConsentUnclear)]
    [InlineData("{\"\":false}", "*", FactWarnings.ConsentUnclear)]
    [InlineData("{\"\":true}", "", FactWarnings.ConsentUnclear)]
    [InlineData("{}", "", FactWarnings.None)]
    [InlineData("null", "", FactWarnings.None)]
    [InlineData("{\"*\":false}", "*", FactWarnings.None)]
    [InlineData("{\"*\":true}", "", FactWarnings.ConsentUnclear)]
    public void A_consent_for_all_channels_can_only_be_a_refusal(string answer, string refused, FactWarnings warnings)
    {
        Read($"\"consent\":{answer}");
        Assert.Equal(refused.Length == 0 ? [] : [(refused, false)], e.Consent.Select(c => (c.Channel.ToString(), c.Given)));
        Assert.Equal(warnings, e.Warnings);
    }

    [Theory]
    [InlineData("{\"sms\":\"blocked\"}", "sms", FactWarnings.None)]
    [InlineData("{\"SMS\":\" Unfollowed \"}", "SMS", FactWarnings.None)]
    [InlineData("{\"sms\":\"bounced\"}", "sms", FactWarnings.None)]
    [InlineData("{\"sms\":\"followed\",\"app\":null,\"email\":\"\"}", "", FactWarnings.None)]
    [InlineData("{\"sms\":\"lost\"}", "sms", FactWarnings.ReachUnclear)]
    [InlineData("{\"sms\":true}", "sms", FactWarnings.ReachUnclear)]
    [InlineData("{\"sms\":{\"state\":\"followed\"}}", "sms", FactWarnings.ReachUnclear)]
    [InlineData("{\"*\":\"blocked\"}", "*", FactWarnings.None)]
    [InlineData("{\"*\":\"followed\"}", "", FactWarnings.ReachUnclear)]
    [InlineData("\"blocked\"", "*", FactWarnings.None)]
    [InlineData("\"followed\"", "", FactWarnings.ReachUnclear)]
    [InlineData("[{\"sms\":\"blocked\"}]", "*", FactWarnings.ReachUnclear)]
    [InlineData("null", "", FactWarnings.None)]
    public void A_reach_value_is_read_in_every_accepted_form(string reach, string refused, FactWarnings warnings)
    {
        Read($"\"reach\":{reach}");
        Assert.Equal(refused.Length == 0 ? [] : [refused], e.Reach.Where(r => !r.Given).Select(r => r.Channel.ToString()));
        Assert.Equal(warnings, e.Warnings);
        Assert.Empty(e.Consent);
    }

    [Theory]
    [InlineData("\"2026-06-01T00:00:00+02:00\"", 1780264800000)]
    [InlineData("1780264800000", 1780264800000)]
    [InlineData("\"1780264800000\"", 1780264800000)]
    [InlineData("-0", 0L)]
    [InlineData("-1", 0L)]
    [InlineData("\"0001-01-01T00:00:00Z\"", 0L)]
    [InlineData("true", MemberTag.Endless)]
    [InlineData("\"9999-12-31T23:59:59Z\"", MemberTag.Endless)]
    [InlineData("9223372036854775807", MemberTag.Endless)]
    [InlineData("false", MemberTag.Gone)]
    [InlineData("null", MemberTag.Gone)]
    [InlineData("1780264800", null)]
    [InlineData("1e12", null)]
    [InlineData("9223372036854775808", null)]
    [InlineData("1780264800000.5", null)]
    [InlineData("\"2026-06-01\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("{\"until\":1}", null)]
    [InlineData("[1780264800000]", null)]
    public void A_tag_has_an_end_or_none_or_is_removed(string until, long? expected)
    {
        Read($"\"tags\":{{\"a\":true,\"vip\":{until},\"z\":false}},\"birthday\":\"1990-01-02\"");
        var tags = e.Tags.Select(tag => (tag.Name.ToString(), tag.Until)).ToList();
        Assert.Equal(expected is { } at ? [("a", MemberTag.Endless), ("vip", at), ("z", MemberTag.Gone)] : [("a", MemberTag.Endless),
            ("z", MemberTag.Gone)], tags);
        Assert.Equal(FactWarnings.TagsUnused | (expected is null ? FactWarnings.TagInvalid : FactWarnings.None), e.Warnings);
        Assert.Equal("1990-01-02", e.Birthday.ToString());
    }

    [Fact]
    public void Tags_are_bounded_in_number_and_length()
    {
        Read("\"tags\":{" + string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"t{i}\":true")) + "}");
        Assert.Equal((64, FactWarnings.TagsUnused | FactWarnings.TagInvalid), (e.Tags.Count, e.Warnings));
        Read($"\"tags\":{{\"{new string('x', 65)}\":true,\"{new string('y', 64)}\":true}}");
        Assert.Equal(new string('y', 64), Assert.Single(e.Tags).Name.ToString());
    }

    [Fact]
    public void Refusals_are_taken_beyond_the_number_of_channels()
    {
        Read("\"consent\":{" + string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"c{i}\":{(i < 20 ? "true" : "false")}")) + "}");
        Assert.Equal(16, e.Consent.Count(c => c.Given));
        Assert.Equal(20, e.Consent.Count(c => !c.Given));
        Assert.Equal(FactWarnings.ConsentUnclear, e.Warnings);
    }

    private void Read(string facts) =>
        Assert.Equal(RejectReason.None,
            decoder.Decode(Records.Of(Topic.Members, "m-1", "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"updated\"," +
            facts + "}"), e));
}
