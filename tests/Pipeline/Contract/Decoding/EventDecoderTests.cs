using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

public class EventDecoderTests
{
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent e = new();

    [Fact]
    public void A_click_fills_its_fields()
    {
        Accept(Topic.Clicks, """{"id":"c1","member":"m-1","at":"2026-03-01T10:00:00.250+01:00","kind":"like","target":"post/7","category":"art","author":"m-2","action":"a9"}""");
        Assert.Equal(EventKind.Like, e.Kind);
        Assert.Equal(1_772_355_600_250, e.At);
        Assert.Equal(("c1", "m-1", "post/7", "art", "m-2", "a9"), (S(e.Id), S(e.Member), S(e.Target), S(e.Category), S(e.Author),
            S(e.Action)));
    }

    [Theory]
    [InlineData("m")]
    [InlineData("é")]
    [InlineData("会")]
    [InlineData("𝄞")]
    public void A_member_id_has_up_to_128_characters_however_many_bytes_they_take(string character)
    {
        var id = string.Concat(Enumerable.Repeat(character, Member.MaxIdCharacters));
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, id, Click(id)), e));
        Assert.Equal(id, S(e.Member));
        Assert.Equal(RejectReason.MemberTooLong, decoder.Decode(Records.Of(Topic.Clicks, id + character, Click(id + character)), e));

        static string Click(string member) => $$"""{"id":"c1","member":"{{member}}","at":1772355600250,"kind":"view"}""";
    }

    [Fact]
    public void A_purchase_fills_its_fields()
    {
        Accept(Topic.Purchases, """
            {"id":"p1","member":"m-1","at":1772355600250,"kind":"paid","order":"o1","amount":"12.34","currency":"EUR","team":"t1","action":"a1",
             "items":[{"sku":"s1","category":"tea","quantity":2,"price":"6.17"},{"sku":"s2","price":0.0001,"colour":{"deep":[1]}}],"coupons":["TEN","FIVE"]}
            """);
        Assert.Equal((123_400L, "EUR", "o1", "t1"), (e.Amount, S(e.Currency), S(e.Order), S(e.Team)));
        Assert.Equal(2, e.Items.Count);
        Assert.Equal(("s1", "tea", 2L, 61_700L), (S(e.Items[0].Sku), S(e.Items[0].Category), e.Items[0].Quantity, e.Items[0].Price));
        Assert.Equal(("s2", "", 1L, 1L), (S(e.Items[1].Sku), S(e.Items[1].Category), e.Items[1].Quantity, e.Items[1].Price));
        Assert.Equal(["TEN", "FIVE"], e.Coupons.Select(S));
    }

    [Fact]
    public void A_chat_fills_its_fields_and_escapes_are_undone()
    {
        Accept(Topic.Chats, """{"id":"h1","member":"m-1","at":"1772355600250","kind":"review","room":"r","text":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é","rating":5,"replyTo":"h0","author":"m-2","case":"c"}""");
        Assert.Equal("a\"\\/\b\f\n\r\té😀é", S(e.Body));
        Assert.Equal((5, "r", "h0", "m-2", "c"), (e.Rating, S(e.Room), S(e.ReplyTo), S(e.Author), S(e.Case)));
        Assert.Equal(1_772_355_600_250, e.At);
    }

    [Fact]
    public void Member_facts_fill_their_fields()
    {
        Accept(Topic.Members, """
            {"id":"f1","member":"m-1","at":1772355600250,"kind":"updated","birthday":"--02-29","timezone":"Asia/Shanghai","referrer":"m-2",
             "attributes":{"city":"Jinan","floors":3,"vip":true,"gone":null},"channels":["email","push"],"consent":{"email":true,"push":false}}
            """);
        Assert.Equal(("--02-29", "Asia/Shanghai", "m-2"), (S(e.Birthday), S(e.Zone), S(e.Referrer)));
        Assert.Equal([("city", "Jinan"), ("floors", "3"), ("vip", "true"), ("gone", "")],
            e.Attributes.Select(a => (S(a.Name), S(a.Value))));
        Assert.Equal(["email", "push"], e.Channels.Select(S));
        Assert.Equal([("email", true), ("push", false)], e.Consent.Select(c => (S(c.Channel), c.Given)));
    }

    [Fact]
    public void Redeem_adjust_outcome_and_merge_events_fill_their_fields()
    {
        Accept(Topic.Members, """{"id":"1","member":"m-1","at":1772355600250,"kind":"redeem","gift":"mug","points":100,"request":"r1"}""");
        Assert.Equal(("mug", 100L, "r1"), (S(e.Gift), e.Points, S(e.Request)));
        Accept(Topic.Members, """{"id":"2","member":"m-1","at":1772355600250,"kind":"adjust","points":-7,"reason":"goodwill","approver":"ann"}""");
        Assert.Equal((-7L, "goodwill", "ann"), (e.Points, S(e.Reason), S(e.Approver)));
        Accept(Topic.Members, """{"id":"3","member":"m-1","at":1772355600250,"kind":"outcome","action":"a1","result":"opened","cost":0.0125}""");
        Assert.Equal(("a1", "opened", 125L), (S(e.Action), S(e.Result), e.Cost));
        Accept(Topic.Members, """{"id":"4","member":"m-1","at":1772355600250,"kind":"merge","from":"m-9"}""");
        Assert.Equal("m-9", S(e.From));
    }

    [Fact]
    public void A_signal_has_its_sender()
    {
        Accept(Topic.Signals, """{"id":"1","member":"m-1","at":1772355600250,"kind":"appreciated","from":"m-2"}""");
        Assert.Equal((EventKind.Appreciated, "m-2"), (e.Kind, S(e.From)));
    }

    [Fact]
    public void Every_kind_is_known_on_its_own_topic_and_on_no_other()
    {
        foreach (var kind in Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None))
        {
            foreach (var topic in Enum.GetValues<Topic>())
            {
                var value = $$"""{"id":"1","member":"m-1","at":1772355600250,"kind":"{{kind.Name()}}","order":"o","amount":1,"currency":"EUR","request":"r","points":{{(topic == Topic.Purchases ? 0 : 1)}},"reason":"x","approver":"ann","action":"a","result":"opened","from":"m-2"}""";
                Assert.Equal(topic == kind.Topic() ? RejectReason.None : RejectReason.KindUnknown,
                    decoder.Decode(Records.Of(topic, "m-1", value), e));
            }
        }
    }

    [Fact]
    public void Unknown_fields_are_ignored_and_so_are_fields_of_other_topics()
    {
        Accept(Topic.Clicks, """{"id":"c1","member":"m-1","at":1772355600250,"kind":"view","amount":"nonsense","rating":99,"new":{"a":[1,{"b":null}]},"data":1}""");
        Assert.Equal(0, e.Amount);
    }

    [Fact]
    public void Ids_and_texts_may_be_whole_numbers_read_as_their_digits()
    {
        const string Purchase = """
            {"id":12345678901234567890123,"member":17,"at":1772355600250,"kind":"paid","order":-5,"amount":1,"currency":"EUR","team":9007199254740993,
             "items":[{"sku":401,"category":7}],"coupons":[9],"action":0}
            """;
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Purchases, "17", "\uFEFF" + Purchase), e));
        Assert.Equal(("12345678901234567890123", "17", "-5", "9007199254740993", "0"),
            (S(e.Id), S(e.Member), S(e.Order), S(e.Team), S(e.Action)));
        Assert.Equal(("401", "7", "9"), (S(e.Items[0].Sku), S(e.Items[0].Category), S(e.Coupons[0])));
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Chats, "17",
            """{"id":1,"member":17,"at":1772355600250,"kind":"complaint","room":5,"case":6,"replyTo":7,"text":8,"author":9}"""), e));
        Assert.Equal(("5", "6", "7", "8", "9"), (S(e.Room), S(e.Case), S(e.ReplyTo), S(e.Body), S(e.Author)));
        Accept(Topic.Members, """{"id":1,"member":"m-1","at":1772355600250,"kind":"redeem","request":2,"gift":3,"points":4,"approver":5,"referrer":6}""");
        Assert.Equal(("2", "3", "5", "6"), (S(e.Request), S(e.Gift), S(e.Approver), S(e.Referrer)));
    }

    [Theory]
    [InlineData("خانه\u200cها")]
    [InlineData("👩\u200d🚀")]
    public void Zero_width_joiners_are_accepted_in_names(string id) =>
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, id,
            $$"""{"id":"1","member":"{{id}}","at":1772355600250,"kind":"view","target":"a\u202eb"}"""), e));

    [Fact]
    public void A_null_field_counts_as_absent()
    {
        Accept(Topic.Clicks, """{"id":"c1","member":"m-1","at":1772355600250,"kind":"view","target":null,"category":null}""");
        Assert.True(e.Target.IsEmpty);
    }

    [Fact]
    public void A_cancellation_may_leave_out_its_amount() =>
        Accept(Topic.Purchases, """{"id":"c1","member":"m-1","at":1772355600250,"kind":"cancelled","order":"o1"}""");

    [Fact]
    public void A_decoded_event_keeps_no_field_of_the_previous_one()
    {
        Accept(Topic.Purchases, """{"id":"p1","member":"m-1","at":1772355600250,"kind":"paid","order":"o1","amount":"12.34","currency":"EUR","items":[{"sku":"s"}],"coupons":["A"]}""");
        Accept(Topic.Chats, """{"id":"h1","member":"m-1","at":1772355600250,"kind":"message"}""");
        Assert.Equal((0L, 0, 0), (e.Amount, e.Items.Count, e.Coupons.Count));
        Assert.True(e.Order.IsEmpty && e.Currency.IsEmpty && e.Body.IsEmpty);
    }

    [Fact]
    public void A_faulty_encoding_is_reported_before_a_faulty_field() =>
        Assert.Equal(RejectReason.NotJson, decoder.Decode(Records.Of(Topic.Clicks, "m-1", """{"id":5,"kind":"nonsense","""), e));

    [Fact]
    public void A_rejection_names_the_field()
    {
        Assert.Equal(RejectReason.AmountNegative, decoder.Decode(Records.Of(Topic.Purchases, "m-1",
            """{"id":"1","member":"m-1","at":1772355600250,"kind":"paid","order":"o","amount":1,"currency":"EUR","items":[{"price":-1}]}"""), e));
        Assert.Equal("items.price", decoder.LastField);
        Assert.Equal(RejectReason.DuplicateKey, decoder.Decode(Records.Of(Topic.Purchases, "m-1", """{"x":{"same":1,"s\u0061me":2}}"""),
            e));
        Assert.Equal("same", decoder.LastField);
        Accept(Topic.Clicks, """{"id":"c1","member":"m-1","at":1772355600250,"kind":"view"}""");
        Assert.Equal("", decoder.LastField);
    }

    [Fact]
    public void The_same_key_in_different_objects_is_no_duplicate() =>
        Accept(Topic.Clicks, """{"id":"c1","member":"m-1","at":1772355600250,"kind":"view","x":{"id":1,"x":{"id":2}},"y":[{"id":1},{"id":1}]}""");

    [Fact]
    public void An_id_of_64_characters_is_counted_in_characters_not_bytes()
    {
        var id = string.Concat(Enumerable.Repeat("é", 64));
        Accept(Topic.Clicks, $$"""{"id":"{{id}}","member":"m-1","at":1772355600250,"kind":"view"}""");
        Assert.Equal(id, S(e.Id));
    }

    private void Accept(Topic topic, string value)
    {
        Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(topic, "m-1", value), e));
        Assert.Equal("m-1", S(e.Member));
    }

    private static string S(Members.Text text) => text.ToString();
}
