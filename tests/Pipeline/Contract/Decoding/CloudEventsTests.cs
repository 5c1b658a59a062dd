using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

public class CloudEventsTests
{
    private const string Time = "2026-03-01T10:00:00Z";
    private const long At = 1_772_359_200_000;
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent e = new();

    [Fact]
    public void A_binary_mode_event_is_read_from_its_headers_and_value()
    {
        var record = Binary(Topic.Purchases, """{"order":"o1","amount":"5","currency":"EUR"}""", ("content-type", "application/json"),
            ("ce_type", "com.example.purchase.paid"), ("traceparent", "00-1"));
        Assert.Equal(RejectReason.None, decoder.Decode(record, e));
        Assert.Equal(("e1", "/shop", "m-1", EventKind.Paid, 50_000L, At),
            (e.Id.ToString(), e.Source.ToString(), e.Member.ToString(), e.Kind, e.Amount, e.At));
    }

    [Theory]
    [InlineData("""{"id":"o-1","at":1772355600250,"kind":"view","order":"o-1","amount":5,"currency":"EUR","member":"shop-member-7"}""")]
    [InlineData("""{"id":{"x":1},"at":"noon","kind":["a"],"order":"o-1","amount":5,"currency":"EUR","member":{"name":"ada"}}""")]
    [InlineData("""{"id":1.5,"at":false,"kind":"partial","order":"o-1","amount":5,"currency":"EUR","member":true}""")]
    public void The_CloudEvents_id_and_source_identify_the_event(string data)
    {
        var structured = Envelope("shop.refunded", Time);
        structured["data"] = JsonNode.Parse(data);
        foreach (var record in new[] { Binary(Topic.Purchases, data, ("ce_type", "shop.refunded")),
            Records.Of(Topic.Purchases, "m-1", structured.ToJsonString()) })
        {
            Assert.Equal(RejectReason.None, decoder.Decode(record, e));
            Assert.Equal(("e1", "/shop", "m-1", EventKind.Refunded, At, "o-1"),
                (e.Id.ToString(), e.Source.ToString(), e.Member.ToString(), e.Kind, e.At, e.Order.ToString()));
        }
    }

    [Fact]
    public void A_CloudEvent_without_time_has_the_records_timestamp()
    {
        Assert.Equal(RejectReason.None, decoder.Decode(Binary(Topic.Clicks, """{"at":1772355600250}""", ("ce_time", "")), e));
        Assert.Equal(Records.Timestamp, e.At);
        Assert.Equal(RejectReason.AtTooEarly, decoder.Decode(Binary(Topic.Clicks, "{}", ("ce_time", "")) with { Timestamp = -1 }, e));
    }

    [Theory]
    [InlineData("com.example.shop.v1", "like", EventKind.Like)]
    [InlineData("com.example.view", "like", EventKind.View)]
    [InlineData("view", null, EventKind.View)]
    [InlineData("com.example.stare", "stare", EventKind.None)]
    [InlineData("com.example.stare", null, EventKind.None)]
    public void The_kind_is_the_last_part_of_the_type_or_the_kind_of_the_data(string type, string? kind, EventKind expected)
    {
        var record = Binary(Topic.Clicks, new JsonObject { ["kind"] = kind }.ToJsonString(), ("ce_type", type));
        Assert.Equal(expected == EventKind.None ? RejectReason.KindUnknown : RejectReason.None, decoder.Decode(record, e));
        Assert.Equal(expected, e.Kind);
    }

    [Theory]
    [InlineData("m-1", null, null, RejectReason.None)]
    [InlineData(null, "m-1", null, RejectReason.None)]
    [InlineData(null, null, "m-1", RejectReason.None)]
    [InlineData("orders/7", null, "m-1", RejectReason.None)]
    [InlineData("m-1", null, "7", RejectReason.None)]
    [InlineData("orders/7", null, null, RejectReason.KeyMismatch)]
    [InlineData(null, null, null, RejectReason.MemberMissing)]
    public void The_member_is_the_key_or_the_subject_which_must_agree(string? subject, string? extension, string? data,
        RejectReason expected)
    {
        var record = Binary(Topic.Clicks, new JsonObject { ["member"] = data }.ToJsonString(), ("ce_subject", subject ?? ""),
            ("ce_member", extension ?? ""));
        Assert.Equal(expected, decoder.Decode(record, e));
    }

    [Theory]
    [InlineData("""{"specversion":"1.0","id":"e1","source":"/shop","type":"com.example.view","time":"2026-03-01T10:00:00Z","subject":"m-1","data":{"target":"p\u0031"}}""")]
    [InlineData("""{"data":{"target":"p1","member":"m-1"},"kind":5,"action":[],"time":"2026-03-01T10:00:00Z","type":"view","source":"/shop","id":"\u00651","datacontenttype":"application/json","specversion":"1.0"}""")]
    [InlineData("""{"specversion":"1.0","id":"e1","source":"/shop","type":"view","time":"2026-03-01T10:00:00Z","data_base64":"eyJ0YXJnZXQiOiJwMSIsIm1lbWJlciI6Im0tMSJ9"}""")]
    [InlineData("""{"specversion":"1.0","id":"e1","source":"/shop","type":"view","time":"2026-03-01T10:00:00Z","subject":"m-1","data_base64":"77u\/eyJ0YXJnZXQiOiJwXHUwMDMxIn0="}""")]
    public void Structured_mode_is_recognised_by_its_specversion_wherever_it_stands(string value)
    {
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, "m-1", value), e));
        Assert.Equal(("e1", "/shop", "m-1", "p1", EventKind.View), (e.Id.ToString(), e.Source.ToString(), e.Member.ToString(),
            e.Target.ToString(), e.Kind));
        Assert.Equal(At, e.At);
    }

    [Theory]
    [InlineData("content-type", "application/cloudevents+json")]
    [InlineData("Content-Type", "Application/CloudEvents+JSON ; charset=utf-8")]
    public void Structured_mode_is_recognised_by_its_content_type(string name, string value)
    {
        var envelope = Envelope("a.b.view", Time);
        envelope["data"] = new JsonObject();
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, "m-1", envelope.ToJsonString(), (name, value)), e));
        Assert.Equal(EventKind.View, e.Kind);
        envelope.Remove("specversion");
        Assert.Equal(RejectReason.EnvelopeIncomplete,
            decoder.Decode(Records.Of(Topic.Clicks, "m-1", envelope.ToJsonString(), (name, value)), e));
        Assert.Equal("specversion", decoder.LastField);
    }

    [Fact]
    public void Names_of_headers_are_taken_in_any_case()
    {
        var record = Records.Of(Topic.Clicks, "m-1", "{}", ("CE_SpecVersion", "1.0"), ("Ce_Id", "e1"), ("ce_SOURCE", "/shop"),
            ("CE_TYPE", "x.view"), ("Ce_Subject", "m-1"));
        Assert.Equal(RejectReason.None, decoder.Decode(record, e));
        Assert.Equal("e1", e.Id.ToString());
    }

    [Theory]
    [InlineData("ce_id", "12345678901234567890123456789012345678901234567890123456789012345", RejectReason.IdTooLong)]
    [InlineData("ce_id", "a\nb", RejectReason.IdInvalid)]
    [InlineData("ce_id", "", RejectReason.EnvelopeIncomplete)]
    [InlineData("ce_source", "", RejectReason.EnvelopeIncomplete)]
    [InlineData("ce_type", "", RejectReason.EnvelopeIncomplete)]
    [InlineData("ce_specversion", "", RejectReason.EnvelopeIncomplete)]
    [InlineData("ce_specversion", "2.0", RejectReason.EnvelopeVersion)]
    [InlineData("ce_type", "com.example.stare", RejectReason.KindUnknown)]
    [InlineData("ce_type", "view.", RejectReason.KindUnknown)]
    [InlineData("ce_time", "today", RejectReason.AtInvalid)]
    [InlineData("ce_time", "1796028421", RejectReason.AtLooksLikeSeconds)]
    [InlineData("ce_subject", "m-2", RejectReason.KeyMismatch)]
    [InlineData("ce_source", "\u001b", RejectReason.IdInvalid)]
    [InlineData("ce_source", "\u00ff", RejectReason.NotUtf8)]
    public void A_faulty_header_is_rejected_like_the_field_it_stands_for(string name, string value, RejectReason expected) =>
        Assert.Equal(expected, decoder.Decode(Binary(Topic.Clicks, "{}", (name, value)), e));

    [Theory]
    [InlineData("ce_source")]
    [InlineData("ce_subject")]
    public void An_oversized_header_is_rejected(string name)
    {
        var record = Records.Of(Topic.Clicks, "m-1", "{}", (name, new string('x', 5000)));
        Assert.Equal(RejectReason.FieldTooLong, decoder.Decode(record, e));
        Assert.Equal(name, decoder.LastField);
        Assert.Equal(RejectReason.FieldTooLong, decoder.Decode(Binary(Topic.Clicks, "{}", (name, new string('x', 257))), e));
        Assert.Equal(name, decoder.LastField);
    }

    [Fact]
    public void A_record_with_a_thousand_repeated_headers_is_decoded()
    {
        (string, string)[] first = [("ce_specversion", "1.0"), ("ce_id", "e1"), ("ce_type", "x.view"), ("ce_subject", "m-1")];
        var headers = first.Concat(Enumerable.Range(0, 1000).Select(i => ("ce_source", new string((char)('a' + (i % 26)), 200))));
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, "m-1", "{}", [.. headers]), e));
        Assert.Equal(new string('a', 200), e.Source.ToString());
    }

    [Fact]
    public void A_faulty_CloudEvents_envelope_is_rejected_with_its_reason()
    {
        Assert.Equal(RejectReason.DuplicateKey, decoder.Decode(Records.Of(Topic.Clicks, "m-1",
            """{"specversion":"1.0","data":{"x":"1","x":"2"}}"""), e));
        Assert.Equal(RejectReason.FieldType, decoder.Decode(Records.Of(Topic.Clicks, "m-1",
            """{"specversion":"1.0","id":{},"source":"s","type":"view","data":{}}"""), e));
        Assert.Equal("id", decoder.LastField);
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, "7",
            """{"specversion":"1.0","id":5,"source":"s","type":"view","subject":7,"data":{}}"""), e));
        Assert.Equal(("5", "7"), (e.Id.ToString(), e.Member.ToString()));
    }

    [Theory]
    [InlineData("bm90IGpzb24=", RejectReason.NotJson)]
    [InlineData("W10=", RejectReason.NotObject)]
    [InlineData("eyJ4Ijoi/yJ9", RejectReason.NotUtf8)]
    [InlineData("***", RejectReason.DataInvalid)]
    public void CloudEvents_data_base64_is_decoded_and_judged(string packed, RejectReason expected)
    {
        var envelope = Envelope("x.view", Time);
        envelope["data_base64"] = packed;
        Assert.Equal(expected, decoder.Decode(Records.Of(Topic.Clicks, "m-1", envelope.ToJsonString()), e));
    }

    private static JsonObject Envelope(string type, string time) =>
        new() { ["specversion"] = "1.0", ["id"] = "e1", ["source"] = "/shop", ["type"] = type, ["time"] = time, ["subject"] = "m-1" };

    private static InputRecord Binary(Topic topic, string data, params (string Name, string Value)[] changed)
    {
        var headers = new Dictionary<string, string>
        {
            ["ce_specversion"] = "1.0", ["ce_id"] = "e1", ["ce_source"] = "/shop", ["ce_type"] = "x.view", ["ce_time"] = Time,
                ["ce_subject"] = "m-1",
        };
        foreach (var (name, value) in changed) headers[name] = value;
        return Records.Of(topic, "m-1", data, [.. headers.Select(h => (h.Key, h.Value))]);
    }
}
