using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

/// <summary>Every written form of a consent answer together with every other fault in the event. A refusal is read from the event or from
/// its dead letter; any other answer is not read as a refusal.</summary>
public class ConsentFieldTests
{
    private static readonly string[] Refusals = ["false", "0", "-0", "0.00", "0e5", "2", "-1", "1e400", "\"FALSE\"", "\" no \"",
        "\"Off\"", "\"\\u0066alse\"", "\"\uFF10\"", "\"nein\"", "\"null\"", "{}", "{\"a\":true}", "[]", "[true]"];

    private static readonly string[] Others = ["null", "\"\"", "\" \"", "true", "1", "1.0", "10e-1", "\"1.0\"", "\"YES\"", "\" on\""];

    private static readonly string[] OtherFields = ["\"birthday\":\"1990-02-30\"", "\"timezone\":\"Mars\"", "\"points\":\"x\"",
        "\"cost\":-1",
        "\"channels\":{}", "\"attributes\":[]", "\"tags\":5", "\"reason\":{}", "\"id\":1.5", "\"id\":\"\\u0000\"", "\"at\":1796028421",
        "\"at\":\"2026-02-30T00:00:00Z\"", "\"kind\":\"Consent\"", "\"kind\":7", "\"x\":1", "\"x\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "\"x\":",
        "\"specversion\":\"1.0\"", "\"consent\":{\"email\":true}", "\"consent\":true", "\"consent\":null"];

    public static TheoryData<string, string> Names { get; } = new()
    {
        { "consent", "email" }, { "consent", "EMail" }, { "consent", " email " }, { "Consent", "email" }, { "CONSENT", "Email" },
    };

    private readonly EventDecoder decoder = new();
    private readonly MemberEvent e = new();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_refusal_of_consent_is_read_beside_faulty_fields(string field, string channel)
    {
        foreach (var beside in OtherFields)
        {
            foreach (var answer in Refusals) Assert.True(Refuses(field, channel, answer, beside), $"{field} {channel} {answer} {beside}");
            foreach (var answer in Others) Assert.False(Refuses(field, channel, answer, beside), $"{field} {channel} {answer} {beside}");
        }
    }

    [Fact]
    public void A_consent_counts_only_under_the_exact_field_name()
    {
        Decode("{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\",\"consent\":{\"sms\":true},\"Consent\":{\"email\":true}}");
        Assert.Equal([("sms", true)], e.Consent.Select(c => (c.Channel.ToString(), c.Given)));
        Assert.Equal(FactWarnings.ConsentUnclear, e.Warnings);
    }

    private bool Refuses(string field, string channel, string answer, string beside)
    {
        // The fault may concern the kind, id or time: then the head must not have that field as well.
        var head = "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"updated\",";
        foreach (var part in new[] { "\"id\":\"1\",", "\"at\":1772355600250,", "\"kind\":\"updated\"," })
        {
            if (beside.StartsWith(part.Split(':')[0], StringComparison.Ordinal)) head = head.Replace(part, "", StringComparison.Ordinal);
        }

        return Decode($"{head}\"{field}\":{{\"{channel}\":{answer}}},{beside}}}")
            && e.Consent.Any(c => !c.Given && c.Channel.ToString().Equals("email", StringComparison.OrdinalIgnoreCase));
    }

    private bool Decode(string value)
    {
        var record = Records.Of(Topic.Members, "m-1", value);
        return decoder.Decode(record, e) == RejectReason.None || decoder.ReadRefusals(record, e);
    }
}
