using Streaming.Members.Events;
using Streaming.Pipeline.Decode;

namespace Streaming.Pipeline.Tests.Decode;

public class CloudEventsTests
{
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent e = new();

    [Fact]
    public void Binary_mode_fills_what_the_data_does_not_say()
    {
        var record = Records.Of(Topic.Purchases, "m-1", """{"order":"o1","amount":"5","currency":"EUR"}""",
            ("content-type", "application/json"), ("ce_specversion", "1.0"), ("ce_id", "e1"), ("ce_source", "/shop"),
            ("ce_type", "com.example.purchase.paid"), ("ce_time", "2026-03-01T10:00:00Z"), ("ce_subject", "m-1"), ("traceparent", "00-1"));
        Assert.Equal(RejectReason.None, decoder.Decode(record, e));
        Assert.Equal(("e1", "/shop", "m-1", EventKind.Paid, 50_000L), (e.Id.ToString(), e.Source.ToString(), e.Member.ToString(), e.Kind, e.Amount));
        Assert.Equal(1_772_359_200_000, e.At);
    }

    [Fact]
    public void The_data_outweighs_the_headers()
    {
        var record = Records.Of(Topic.Clicks, "m-1", """{"id":"own","member":"m-1","at":1772355600250,"kind":"like"}""",
            ("ce_id", "e1"), ("ce_type", "x.view"), ("ce_time", "2026-03-01T10:00:00Z"), ("ce_subject", "m-2"), ("ce_source", "/s"));
        Assert.Equal(RejectReason.None, decoder.Decode(record, e));
        Assert.Equal(("own", "m-1", 1_772_355_600_250, EventKind.Like, "/s"), (e.Id.ToString(), e.Member.ToString(), e.At, e.Kind, e.Source.ToString()));
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"e1","source":"/shop","type":"com.example.view","time":"2026-03-01T10:00:00Z","subject":"m-1","data":{"target":"p\u0031"}}""")]
    [InlineData("""{"data":{"target":"p1","member":"m-1"},"kind":5,"action":[],"time":"2026-03-01T10:00:00Z","type":"view","source":"/shop","id":"\u00651","datacontenttype":"application/json","specversion":"1.0"}""")]
    public void Structured_mode_is_recognised_by_its_specversion_wherever_it_stands(string value)
    {
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, "m-1", value), e));
        Assert.Equal(("e1", "/shop", "m-1", "p1", EventKind.View), (e.Id.ToString(), e.Source.ToString(), e.Member.ToString(), e.Target.ToString(), e.Kind));
        Assert.Equal(1_772_359_200_000, e.At);
    }

    [Fact]
    public void Structured_mode_is_recognised_by_its_content_type()
    {
        var record = Records.Of(Topic.Clicks, "m-1", """{"id":"e1","source":"/s","type":"a.b.view","time":"2026-03-01T10:00:00Z","subject":"m-1","data":{}}""",
            ("content-type", "application/cloudevents+json; charset=utf-8"));
        Assert.Equal(RejectReason.None, decoder.Decode(record, e));
        Assert.Equal(EventKind.View, e.Kind);
    }

    [Theory]
    [InlineData("ce_id", "12345678901234567890123456789012345678901234567890123456789012345", RejectReason.IdTooLong)]
    [InlineData("ce_type", "com.example.stare", RejectReason.KindUnknown)]
    [InlineData("ce_type", "view.", RejectReason.KindUnknown)]
    [InlineData("ce_time", "today", RejectReason.AtInvalid)]
    [InlineData("ce_subject", "m-2", RejectReason.KeyMismatch)]
    [InlineData("ce_source", "\u00ff", RejectReason.NotUtf8)]
    public void A_faulty_header_is_rejected_like_the_field_it_stands_for(string name, string value, RejectReason expected)
    {
        var headers = new Dictionary<string, string> { ["ce_id"] = "e1", ["ce_type"] = "x.view", ["ce_time"] = "2026-03-01T10:00:00Z", ["ce_subject"] = "m-1", ["ce_source"] = "s" };
        headers[name] = value;
        Assert.Equal(expected, decoder.Decode(Records.Of(Topic.Clicks, "m-1", "{}", [.. headers.Select(h => (h.Key, h.Value))]), e));
    }

    [Theory]
    [InlineData("ce_source")]
    [InlineData("ce_subject")]
    public void An_oversized_header_is_rejected(string name)
    {
        var record = Records.Of(Topic.Clicks, "m-1", "{}", (name, new string('x', 5000)));
        Assert.Equal(RejectReason.FieldTooLong, decoder.Decode(record, e));
        Assert.Equal(name, decoder.LastField);
    }

    [Fact]
    public void A_thousand_repeated_headers_do_no_harm()
    {
        var headers = Enumerable.Range(0, 1000).Select(i => ("ce_source", new string((char)('a' + (i % 26)), 200))).ToArray();
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, "m-1", """{"id":"1","member":"m-1","at":1772355600250,"kind":"view"}""", headers), e));
        Assert.Equal(new string('a', 200), e.Source.ToString());
    }

    [Fact]
    public void A_faulty_envelope_is_judged_as_a_whole()
    {
        Assert.Equal(RejectReason.DuplicateKey, decoder.Decode(Records.Of(Topic.Clicks, "m-1", """{"specversion":"1.0","data":{"id":"1","id":"2"}}"""), e));
        Assert.Equal(RejectReason.FieldType, decoder.Decode(Records.Of(Topic.Clicks, "m-1", """{"specversion":"1.0","id":5,"type":"view","data":{}}"""), e));
        Assert.Equal("id", decoder.LastField);
    }
}
