using System.Globalization;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

/// <summary>Times at the limits of what is taken, and numbers that only look like times.</summary>
public class TimeLimitTests
{
    private const long Last = Timestamps.End - 1;

    [Theory]
    [InlineData("946684800000", Records.Timestamp, "none")]
    [InlineData("946684799999", Records.Timestamp, "at-too-early")]
    [InlineData("\"1999-12-31T23:59:60Z\"", Records.Timestamp, "none")]
    [InlineData("\"1999-12-31T23:59:59.999999999Z\"", Records.Timestamp, "at-too-early")]
    [InlineData("\"2000-01-01T00:00:00+00:01\"", Records.Timestamp, "at-too-early")]
    [InlineData("1772370000000", Records.Timestamp, "none")]
    [InlineData("1772370000001", Records.Timestamp, "at-in-future")]
    [InlineData("4102444799999", Last, "none")]
    [InlineData("4102444799999", Last - Timestamps.MaxAheadMs, "none")]
    [InlineData("4102444799999", Last - Timestamps.MaxAheadMs - 1, "at-in-future")]
    [InlineData("4102444800000", long.MaxValue, "at-in-future")]
    [InlineData("\"2099-12-31T23:59:60Z\"", long.MaxValue, "at-in-future")]
    [InlineData("9223372036854775807", long.MaxValue, "at-in-future")]
    [InlineData("9223372036854775808", long.MaxValue, "at-invalid")]
    [InlineData("-9223372036854775808", long.MinValue, "at-too-early")]
    [InlineData("1772355600250", -1, "at-in-future")]
    [InlineData("-1796028421", Records.Timestamp, "at-too-early")]
    [InlineData("\"-1796028421\"", Records.Timestamp, "at-too-early")]
    [InlineData("-1796028421.5", Records.Timestamp, "at-invalid")]
    [InlineData("-1796028421000", Records.Timestamp, "at-too-early")]
    [InlineData("1796028421.0", Records.Timestamp, "at-looks-like-seconds")]
    [InlineData("\"1796028421.123456\"", Records.Timestamp, "at-looks-like-seconds")]
    [InlineData("1.796028421e9", Records.Timestamp, "at-invalid")]
    [InlineData("1772355600250.0", Records.Timestamp, "at-invalid")]
    [InlineData("946684800", Records.Timestamp, "at-looks-like-seconds")]
    [InlineData("4102444799", Records.Timestamp, "at-looks-like-seconds")]
    [InlineData("1772355600250000", Records.Timestamp, "at-looks-like-microseconds")]
    [InlineData("1772355600250000000", Records.Timestamp, "at-looks-like-nanoseconds")]
    [InlineData("-0", Records.Timestamp, "at-too-early")]
    [InlineData("\" 1772355600250\"", Records.Timestamp, "at-invalid")]
    [InlineData("true", Records.Timestamp, "field-type")]
    public void A_time_is_taken_up_to_its_limits_and_refused_beyond(string at, long stamp, string reason)
    {
        var (decoder, e) = (new EventDecoder(), new MemberEvent());
        var record = Records.Of(Topic.Clicks, "m", $"{{\"id\":\"1\",\"member\":\"m\",\"kind\":\"view\",\"at\":{at}}}");
        Assert.Equal(reason, decoder.Decode(record with { Timestamp = stamp }, e).Name());

        // The time of an envelope is judged by the same rule.
        if (at[0] is not ('"' or '-' or 't')) at = $"\"{at}\"";
        if (at[0] != '"') return;
        var cloud = Records.Of(Topic.Clicks, "m", $"{{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"view\",\"subject\":\"m\",\"time\":{at},\"data\":{{}}}}");
        Assert.Equal(reason, decoder.Decode(cloud with { Timestamp = stamp }, e).Name());
    }

    [Theory]
    [InlineData("1970-01-02", 86_400_000, "none")]
    [InlineData("1970-01-02", 86_399_999, "at-too-early")]
    [InlineData("2026-03-01", 1_772_323_200_000, "none")]
    [InlineData("2026-03-01", 1_772_323_199_999, "at-too-early")]
    public void The_earliest_time_is_the_first_instant_of_its_day(string earliest, long at, string reason)
    {
        var rules = new InputRules { Earliest = DateOnly.Parse(earliest, CultureInfo.InvariantCulture) };
        var record = Records.Of(Topic.Clicks, "m", $"{{\"id\":\"1\",\"member\":\"m\",\"kind\":\"view\",\"at\":{at}}}");
        Assert.Equal(reason, new EventDecoder().Decode(record, new MemberEvent(), rules.EarliestAt).Name());
    }
}
