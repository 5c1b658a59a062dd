using System.Text;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

/// <summary>At least one example for every reason that the decoder can give.</summary>
public class RejectReasonTests
{
    private const string Base = "\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250";

    private static readonly (string Reason, Topic Topic, string? Key, string? Value)[] Examples =
    [
        ("empty-value", Topic.Clicks, "m-1", null),
        ("empty-value", Topic.Clicks, "m-1", ""),
        ("too-large", Topic.Clicks, "m-1", Click("\"x\":\"" + new string('x', 65_536) + "\"")),
        ("not-utf8", Topic.Clicks, "m-1", Click("\"x\":\"\\ud83d\"")),
        ("not-utf8", Topic.Clicks, "m-1", Click("\"x\":\"\\ude00\\ud83d\"")),
        ("not-utf8", Topic.Clicks, "m-1", Click("\"x\":\"\\ud83d\\u0041\"")),
        ("not-json", Topic.Clicks, "m-1", "{not json"),
        ("not-json", Topic.Clicks, "m-1", "   "),
        ("not-json", Topic.Clicks, "m-1", Click("\"x\":1") + "x"),
        ("not-json", Topic.Clicks, "m-1", Click("\"x\":01")),
        ("not-json", Topic.Clicks, "m-1", Click("\"x\":tru")),
        ("not-json", Topic.Clicks, "m-1", Click("\"x\":1,")),
        ("not-json", Topic.Clicks, "m-1", Click("\"x\":[1,]")),
        ("not-json", Topic.Clicks, "m-1", Click("\"x\":\"\\x\"")),
        ("not-json", Topic.Clicks, "m-1", Click("\"x\":\"\t\"")),
        ("not-json", Topic.Clicks, "m-1", "[1"),
        ("not-object", Topic.Clicks, "m-1", "[{}]"),
        ("not-object", Topic.Clicks, "m-1", "\"text\""),
        ("not-object", Topic.Clicks, "m-1", "42"),
        ("not-object", Topic.Clicks, "m-1", "null"),
        ("too-deep", Topic.Clicks, "m-1", Click("\"x\":" + new string('[', 16) + new string(']', 16))),
        ("too-deep", Topic.Clicks, "m-1", new string('[', 60_000)),
        ("duplicate-key", Topic.Clicks, "m-1", Click("\"id\":\"2\"")),
        ("duplicate-key", Topic.Clicks, "m-1", Click("\"new\":1,\"n\\u0065w\":2")),
        ("too-many", Topic.Purchases, "m-1", Paid("\"items\":[" + string.Join(',', Enumerable.Repeat("{}", 501)) + "]")),
        ("too-many", Topic.Purchases, "m-1", Paid("\"coupons\":[" + string.Join(',', Enumerable.Repeat("\"a\"", 33)) + "]")),
        ("too-many", Topic.Clicks, "m-1", Click(string.Join(',', Enumerable.Range(0, 4096).Select(i => $"\"k{i}\":0")))),
        ("kind-missing", Topic.Clicks, "m-1", "{" + Base + "}"),
        ("kind-missing", Topic.Clicks, "m-1", "{" + Base + ",\"kind\":\"\"}"),
        ("kind-missing", Topic.Clicks, null, "{\"at\":\"nonsense\",\"amount\":-1}"),
        ("kind-unknown", Topic.Clicks, "m-1", "{" + Base + ",\"kind\":\"stare\"}"),
        ("kind-unknown", Topic.Clicks, "m-1", "{" + Base + ",\"kind\":\"View\"}"),
        ("kind-unknown", Topic.Clicks, "m-1", "{" + Base + ",\"kind\":\"paid\"}"),
        ("kind-unknown", Topic.Clicks, "m-1", "{" + Base + ",\"kind\":\"none\"}"),
        ("id-missing", Topic.Clicks, "m-1", "{\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-missing", Topic.Clicks, "m-1", "{\"id\":\"\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-too-long", Topic.Clicks, "m-1", "{\"id\":\"" + new string('i', 65) +
        "\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("member-missing", Topic.Clicks, "m-1", "{\"id\":\"1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("member-missing", Topic.Clicks, null, "{\"id\":\"1\",\"member\":null,\"at\":1772355600250,\"kind\":\"view\"}"),
        ("member-too-long", Topic.Clicks, "m-1", "{\"id\":\"1\",\"member\":\"" + new string('m', 129) +
        "\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("member-too-long", Topic.Clicks, "m-1", "{\"id\":\"1\",\"member\":\"" + string.Concat(Enumerable.Repeat("𝄞", 129)) +
        "\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("key-missing", Topic.Clicks, null, Click("\"x\":1")),
        ("key-missing", Topic.Clicks, "", Click("\"x\":1")),
        ("key-mismatch", Topic.Clicks, "m-2", Click("\"x\":1")),
        ("at-missing", Topic.Clicks, "m-1", "{\"id\":\"1\",\"member\":\"m-1\",\"kind\":\"view\"}"),
        ("at-invalid", Topic.Clicks, "m-1", At("\"yesterday\"")),
        ("at-invalid", Topic.Clicks, "m-1", At("\"2026-02-29T00:00:00Z\"")),
        ("at-invalid", Topic.Clicks, "m-1", At("\"2026-02-28T00:00:00\"")),
        ("at-invalid", Topic.Clicks, "m-1", At("1772355600250.5")),
        ("at-invalid", Topic.Clicks, "m-1", At("1.7e12")),
        ("at-invalid", Topic.Clicks, "m-1", At("99999999999999999999")),
        ("at-too-early", Topic.Clicks, "m-1", At("1772355")),
        ("at-too-early", Topic.Clicks, "m-1", At("\"1999-12-31T23:59:59.999Z\"")),
        ("at-looks-like-seconds", Topic.Clicks, "m-1", At("1796028421")),
        ("at-looks-like-seconds", Topic.Clicks, "m-1", At("\"1796028421\"")),
        ("at-looks-like-seconds", Topic.Clicks, "m-1", At("1796028421.25")),
        ("at-looks-like-seconds", Topic.Clicks, "m-1", At("4102444799")),
        ("at-looks-like-microseconds", Topic.Clicks, "m-1", At("1796028421000000")),
        ("at-looks-like-nanoseconds", Topic.Clicks, "m-1", At("1796028421000000000")),
        ("at-too-early", Topic.Clicks, "m-1", At("\"1970-01-01T23:59:59.999Z\"")),
        ("at-too-early", Topic.Clicks, "m-1", At("-1")),
        ("at-in-future", Topic.Clicks, "m-1", At("\"2026-03-01T13:00:00.001Z\"")),
        ("at-in-future", Topic.Clicks, "m-1", At("9223372036854775807")),
        ("at-in-future", Topic.Clicks, "m-1", At("\"9999-12-31T23:59:59.999Z\"")),
        ("data-missing", Topic.Clicks, "m-1", "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"x.view\",\"source\":\"s\"}"),
        ("data-missing", Topic.Clicks, "m-1",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"x.view\",\"source\":\"s\",\"data\":\"{}\"}"),
        ("field-type", Topic.Clicks, "m-1", "{\"id\":[1],\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-invalid", Topic.Clicks, "m-1", "{\"id\":1.5,\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-invalid", Topic.Clicks, "m-1", "{\"id\":1e3,\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-invalid", Topic.Clicks, "m-1", "{\"id\":\"a\\nb\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-invalid", Topic.Clicks, "..", "{\"id\":\"1\",\"member\":\"..\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-invalid", Topic.Clicks, "\u202em", "{\"id\":\"1\",\"member\":\"\u202em\",\"at\":1772355600250,\"kind\":\"view\"}"),
        ("id-invalid", Topic.Purchases, "m-1", Paid("\"items\":[{\"sku\":\"\\u0000\"}]")),
        ("id-invalid", Topic.Purchases, "m-1", Paid("\"coupons\":[\"\\u009b\"]")),
        ("envelope-version", Topic.Clicks, "m-1",
            "{\"specversion\":\"0.3\",\"id\":\"1\",\"type\":\"x.view\",\"source\":\"s\",\"data\":{}}"),
        ("envelope-incomplete", Topic.Clicks, "m-1", "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"x.view\",\"data\":{}}"),
        ("data-invalid", Topic.Clicks, "m-1",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"x.view\",\"source\":\"s\",\"data_base64\":\"e30\"}"),
        ("data-invalid", Topic.Clicks, "m-1",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"x.view\",\"source\":\"s\",\"data_base64\":\"e30=\",\"data\":{}}"),
        ("field-type", Topic.Clicks, "m-1", "{" + Base + ",\"kind\":7}"),
        ("field-type", Topic.Clicks, "m-1", At("{}")),
        ("field-type", Topic.Clicks, "m-1", Click("\"target\":[\"a\"]")),
        ("field-type", Topic.Chats, "m-1", "{" + Base + ",\"kind\":\"review\",\"rating\":\"5\"}"),
        ("field-type", Topic.Purchases, "m-1", Paid("\"items\":{}")),
        ("field-type", Topic.Purchases, "m-1", Paid("\"items\":[1]")),
        ("field-type", Topic.Purchases, "m-1", Paid("\"items\":[{\"quantity\":\"2\"}]")),
        ("field-type", Topic.Purchases, "m-1", Paid("\"coupons\":[null]")),
        ("field-type", Topic.Members, "m-1", Fact("\"points\":\"5\"")),
        ("field-too-long", Topic.Clicks, "m-1", Click("\"target\":\"" + new string('t', 1025) + "\"")),
        ("field-too-long", Topic.Chats, "m-1", "{" + Base + ",\"kind\":\"message\",\"text\":\"" + new string('t', 16_385) + "\"}"),
        ("field-too-long", Topic.Members, "m-1", Fact("\"gift\":\"" + new string('t', 129) + "\"")),
        ("not-supported", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"redeem\",\"request\":\"r\",\"points\":5,\"step\":\"quote\"}"),
        ("not-supported", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"redeem\",\"request\":\"r\",\"points\":5,\"step\":\"reserve\"}"),
        ("not-supported", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"redeem\",\"request\":\"r\",\"points\":5,\"step\":\"cancel\"}"),
        ("not-supported", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"redeem\",\"request\":\"r\",\"points\":5,\"step\":\"Confirm\"}"),
        ("not-supported", Topic.Purchases, "m-1", Paid("\"points\":500")),
        ("not-supported", Topic.Purchases, "m-1", Paid("\"points\":-1")),
        ("field-type", Topic.Members, "m-1", Fact("\"step\":1")),
        ("field-type", Topic.Purchases, "m-1", Paid("\"team\":{\"id\":\"t\",\"size\":3,\"deadline\":1772355600250}")),
        ("order-missing", Topic.Purchases, "m-1", "{" + Base + ",\"kind\":\"paid\",\"amount\":1,\"currency\":\"EUR\"}"),
        ("amount-missing", Topic.Purchases, "m-1", "{" + Base + ",\"kind\":\"paid\",\"order\":\"o\",\"currency\":\"EUR\"}"),
        ("amount-missing", Topic.Purchases, "m-1", "{" + Base + ",\"kind\":\"refunded\",\"order\":\"o\",\"currency\":\"EUR\"}"),
        ("amount-invalid", Topic.Purchases, "m-1", Amount("\"12,34\"")),
        ("amount-invalid", Topic.Purchases, "m-1", Amount("1.00001")),
        ("amount-negative", Topic.Purchases, "m-1", Amount("-0.01")),
        ("amount-too-large", Topic.Purchases, "m-1", Amount("100000000000.0001")),
        ("amount-too-large", Topic.Purchases, "m-1", Amount("1e400")),
        ("currency-missing", Topic.Purchases, "m-1", "{" + Base + ",\"kind\":\"cancelled\",\"order\":\"o\",\"amount\":1}"),
        ("currency-invalid", Topic.Purchases, "m-1", "{" + Base + ",\"kind\":\"paid\",\"order\":\"o\",\"amount\":1,\"currency\":\"euro\"}"),
        ("quantity-invalid", Topic.Purchases, "m-1", Paid("\"items\":[{\"quantity\":1.5}]")),
        ("quantity-invalid", Topic.Purchases, "m-1", Paid("\"items\":[{\"quantity\":-1}]")),
        ("rating-range", Topic.Chats, "m-1", "{" + Base + ",\"kind\":\"review\",\"rating\":0}"),
        ("rating-range", Topic.Chats, "m-1", "{" + Base + ",\"kind\":\"review\",\"rating\":6}"),
        ("rating-range", Topic.Chats, "m-1", "{" + Base + ",\"kind\":\"review\",\"rating\":4.5}"),
        ("request-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"redeem\",\"points\":5}"),
        ("points-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"redeem\",\"request\":\"r\"}"),
        ("points-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"adjust\"}"),
        ("points-invalid", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"redeem\",\"request\":\"r\",\"points\":-5}"),
        ("points-invalid", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"adjust\",\"points\":0}"),
        ("points-invalid", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"adjust\",\"points\":1e3}"),
        ("reason-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"adjust\",\"points\":5,\"approver\":\"ann\"}"),
        ("reason-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"adjust\",\"points\":5,\"reason\":\"\",\"approver\":\"ann\"}"),
        ("approver-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"adjust\",\"points\":5,\"reason\":\"goodwill\"}"),
        ("approver-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"adjust\",\"points\":5,\"reason\":\"x\",\"approver\":null}"),
        ("action-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"outcome\",\"result\":\"opened\"}"),
        ("result-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"outcome\",\"action\":\"a\"}"),
        ("result-unknown", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"outcome\",\"action\":\"a\",\"result\":\"lost\"}"),
        ("from-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"merge\"}"),
        ("from-missing", Topic.Members, "m-1", "{" + Base + ",\"kind\":\"merge\",\"from\":\"m-1\"}"),
        ("from-missing", Topic.Signals, "m-1", "{" + Base + ",\"kind\":\"appreciated\"}"),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Examples.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_example_gets_its_reason(int index)
    {
        var (reason, topic, key, value) = Examples[index];
        var verdict = new EventDecoder().Decode(Records.Of(topic, key, value), new MemberEvent());
        Assert.Equal(reason, verdict.Name());
    }

    [Theory]
    [InlineData("envelope-batch", "application/cloudevents-batch+json")]
    [InlineData("envelope-batch", " APPLICATION/CloudEvents-Batch+JSON ; charset=UTF-8")]
    [InlineData("envelope-format", "application/cloudevents+avro")]
    [InlineData("envelope-format", "application/cloudevents")]
    public void A_content_type_that_is_not_taken_is_refused_by_name(string reason, string contentType) =>
        Assert.Equal(reason, new EventDecoder()
            .Decode(Records.Of(Topic.Clicks, "m-1", "[]", ("Content-Type", contentType)), new MemberEvent()).Name());

    // From TooLate on the reasons are given by the member or the program, not by the decoder.
    [Fact]
    public void Every_reason_has_an_example() => Assert.Equal(
        RejectReasons.All.Where(reason => reason < RejectReason.TooLate).Select(RejectReasons.Name)
            .Except(["envelope-batch", "envelope-format", "headers-too-large"]).Order(),
            Examples.Select(example => example.Reason).Distinct().Order());

    [Fact]
    public void No_record_is_later_than_the_year_2099_whatever_its_own_timestamp()
    {
        var record = Records.Of(Topic.Clicks, "m-1", At("\"9999-12-31T23:59:59.999Z\"")) with { Timestamp = 253_402_300_799_999 };
        Assert.Equal(RejectReason.AtInFuture, new EventDecoder().Decode(record, new MemberEvent()));
        Assert.Equal(RejectReason.None,
            new EventDecoder().Decode(Records.Of(Topic.Clicks, "m-1", At("4102444799999")) with { Timestamp = 253_402_300_799_999 },
            new MemberEvent()));
    }

    [Fact]
    public void The_earliest_time_is_a_setting()
    {
        var record = Records.Of(Topic.Clicks, "m-1", At("\"1985-06-01T00:00:00Z\""));
        Assert.Equal(RejectReason.AtTooEarly, new EventDecoder().Decode(record, new MemberEvent()));
        Assert.Equal(RejectReason.None,
            new EventDecoder().Decode(record, new MemberEvent(),
            new Members.Rules.InputRules { Earliest = new DateOnly(1980, 1, 1) }.EarliestAt));
    }

    [Fact]
    public void Reason_names_are_unique_and_every_description_ends_with_a_full_stop()
    {
        Assert.Equal(RejectReasons.All.Count, RejectReasons.All.Select(RejectReasons.Name).Distinct().Count());
        Assert.All(RejectReasons.All, reason => Assert.EndsWith(".", reason.Sentence(), StringComparison.Ordinal));
    }

    [Fact]
    public void Invalid_utf8_is_rejected_as_not_utf8_and_not_as_not_json()
    {
        var value = Encoding.UTF8.GetBytes(Click("\"x\":\"?\""));
        value[Array.IndexOf(value, (byte)'?')] = 0xFF;
        Assert.Equal(RejectReason.NotUtf8, new EventDecoder().Decode(Records.Of(Topic.Clicks, "m-1"u8.ToArray(), value),
            new MemberEvent()));
    }

    private static string Click(string more) => "{" + Base + ",\"kind\":\"view\"," + more + "}";

    private static string At(string at) => "{\"id\":\"1\",\"member\":\"m-1\",\"kind\":\"view\",\"at\":" + at + "}";

    private static string Paid(string more) =>
        "{" + Base + ",\"kind\":\"paid\",\"order\":\"o\",\"amount\":1,\"currency\":\"EUR\"," + more + "}";

    private static string Amount(string amount) =>
        "{" + Base + ",\"kind\":\"paid\",\"order\":\"o\",\"currency\":\"EUR\",\"amount\":" + amount + "}";

    private static string Fact(string more) => "{" + Base + ",\"kind\":\"updated\"," + more + "}";
}
