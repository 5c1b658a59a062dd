using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Decoding;
using Streaming.Contract.Identity;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Turns;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;
using Member = Streaming.Members.Member;

namespace Streaming.Pipeline.Tests.Contract.Decoding;

/// <summary>A refusal of consent in a record that becomes a dead letter reaches the member, once.</summary>
public class RefusalTests
{
    private const string Refusal = "\"consent\":{\"email\":false,\"sms\":true}";
    private static readonly RuleSet Rules = new RuleSet().Named(1);
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent e = new();

    [Theory]
    [InlineData("kind-unknown", "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"Consent\"," + Refusal + "}")]
    [InlineData("kind-missing", "{" + Refusal + "}")]
    [InlineData("id-missing", "{\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\"," + Refusal + "}")]
    [InlineData("id-invalid", "{\"id\":\"..\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\"," + Refusal + "}")]
    [InlineData("member-missing", "{\"id\":\"1\",\"at\":1772355600250,\"kind\":\"consent\"," + Refusal + "}")]
    [InlineData("at-looks-like-seconds", "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1796028421,\"kind\":\"consent\"," + Refusal + "}")]
    [InlineData("points-invalid", "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\",\"points\":1.5," + Refusal +
        "}")]
    [InlineData("field-too-long", "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\",\"cost\":1,\"reason\":\"" +
        Long + "\"," + Refusal + "}")]
    [InlineData("duplicate-key", "{\"id\":\"1\",\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\"," + Refusal +
        "}")]
    [InlineData("duplicate-key", "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\",\"consent\":{\"email\":true,\"email\":false}}")]
    [InlineData("not-json", "{\"id\":\"1\",\"member\":\"m-1\"," + Refusal + ",\"at\":17723556")]
    [InlineData("not-json", "{" + Refusal + "}}")]
    [InlineData("envelope-incomplete", "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"x.consent\",\"subject\":\"m-1\",\"data\":{" +
        Refusal + "}}")]
    [InlineData("envelope-version",
        "{\"specversion\":\"9\",\"id\":\"1\",\"type\":\"x.consent\",\"subject\":\"m-1\",\"data_base64\":\"eyJjb25zZW50Ijp7ImVtYWlsIjowfX0=\"}")]
    public void A_refusal_of_consent_is_read_from_a_rejected_record(string reason, string value)
    {
        var record = Records.Of(Topic.Members, "m-1", value);
        Assert.Equal(reason, decoder.Decode(record, e).Name());
        Assert.True(decoder.ReadRefusals(record, e));
        Assert.Equal((EventKind.Consent, "m-1", FactWarnings.RefusalOfRejected), (e.Kind, e.Member.ToString(), e.Warnings));
        Assert.Equal([("email", false)], e.Consent.Select(c => (c.Channel.ToString(), c.Given)));
        Assert.InRange(e.At, 1_772_355_600_250, Records.Timestamp);
        Assert.True(Ids.IsId(e.Id.Span) && e.Id.Length <= 64);
    }

    [Theory]
    [InlineData(0, 1_772_355_600_250)] // a producer that stamps its records with nothing
    [InlineData(-1, 1_772_355_600_250)]
    [InlineData(1_772_355_600_250 - 7_200_000, 1_772_355_600_250)] // one whose clock is two hours slow
    [InlineData(1_772_355_600_250 - 864_000_000, 1_772_355_600_250 - 864_000_000 + 86_400_000)] // no more than a day is believed
    public void A_refusal_keeps_its_own_at_when_the_record_timestamp_is_wrong(long timestamp, long at)
    {
        var record = Records.Of(Topic.Members, "m-1",
            "{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consent\"," + Refusal + "}") with { Timestamp = timestamp };
        Assert.Equal(RejectReason.AtInFuture, decoder.Decode(record, e));
        Assert.True(decoder.ReadRefusals(record, e));
        Assert.Equal(at, e.At);
    }

    [Theory]
    [InlineData("m-1", "{\"member\":\"m-2\"," + Refusal + "}")]
    [InlineData(null, "{\"member\":\"m-1\"," + Refusal + "}")]
    [InlineData("..", "{\"member\":\"..\"," + Refusal + "}")]
    [InlineData("m-1", "{\"member\":\"m-1\",\"consent\":{\"email\":true}}")]
    [InlineData("m-1", "{\"member\":\"m-1\",\"x\":" + NestedRefusal + "}")]
    public void A_record_without_a_certain_member_refuses_nobodys_consent(string? key, string value)
    {
        var record = Records.Of(Topic.Members, key, value);
        Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
        Assert.False(decoder.ReadRefusals(record, e));
    }

    [Fact]
    public void A_refusal_is_read_from_a_record_that_is_not_UTF_8()
    {
        var value = Encoding.UTF8.GetBytes("{\"member\":\"m-1\",\"x\":\"?\"," + Refusal + "}");
        value[Array.IndexOf(value, (byte)'?')] = 0xFF;
        var record = Records.Of(Topic.Members, "m-1"u8.ToArray(), value);
        Assert.Equal(RejectReason.NotUtf8, decoder.Decode(record, e));
        Assert.True(decoder.ReadRefusals(record, e));
    }

    [Fact]
    public void A_refusal_is_read_from_a_rejected_purchase()
    {
        var record = Records.Of(Topic.Purchases, "m-1", "{\"member\":\"m-1\",\"amount\":\"-1\"," + Refusal + "}");
        Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
        Assert.True(decoder.ReadRefusals(record, e));
        Assert.Equal([("email", false)], e.Consent.Select(c => (c.Channel.ToString(), c.Given)));
    }

    [Theory]
    [InlineData(Topic.Clicks, "view")]
    [InlineData(Topic.Chats, "message")]
    [InlineData(Topic.Purchases, "cancelled")]
    [InlineData(Topic.Members, "left")]
    public void Every_input_topic_has_consent_in_events_and_in_dead_letters(Topic topic, string kind)
    {
        foreach (var field in new[] { Refusal, Refusal.Replace("consent", "Consent", StringComparison.Ordinal) })
        {
            var record = Records.Of(topic, "m-1", "{" + field + "}");
            Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
            Assert.True(decoder.ReadRefusals(record, e));
            record = Records.Of(topic, "m-1",
                $$"""{"id":"1","member":"m-1","at":1772355600250,"kind":"{{kind}}","order":"o",{{field}}}""");
            Assert.Equal(RejectReason.None, decoder.Decode(record, e));
            Assert.Equal("email", e.Consent.Single(c => !c.Given).Channel.ToString());
        }
    }

    [Fact]
    public void Signals_have_no_consent()
    {
        var record = Records.Of(Topic.Signals, "m-1", "{" + Refusal + "}");
        Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
        Assert.False(decoder.ReadRefusals(record, e));
    }

    private const string Mine = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"x.consent\",\"subject\":\"m-1\",\"data\":{\"consent\":{\"sms\":false}}}";
    private const string Others = "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/s\",\"type\":\"x.consent\",\"subject\":\"m-2\",\"data\":{\"consent\":{\"app\":false}}}";
    private const string Packed = "{\"specversion\":\"1.0\",\"id\":\"3\",\"source\":\"/s\",\"type\":\"x.consent\",\"subject\":\"m-1\",\"data_base64\":\"eyJjb25zZW50Ijp7ImVtYWlsIjowfX0=\"}";
    private const string Blocked = "{\"member\":\"m-1\",\"reach\":{\"post\":\"blocked\"}}";

    [Theory]
    [InlineData("[" + Mine + "]", "sms")]
    [InlineData("[" + Others + "," + Mine + "]", "sms")]
    [InlineData("[" + Mine + "," + Others + "]", "sms")]
    [InlineData("[" + Packed + "," + Mine + "," + Others + "]", "email sms")]
    [InlineData("[" + Others + "]", "")]
    [InlineData("[1,[" + Mine + "],null," + Blocked + "]", "post sms")]
    [InlineData("[" + Mine + ",{", "sms")]
    [InlineData("[{" + Refusal + "}]", "email")]
    [InlineData("{\"specversion\":\"1.0\",\"type\":\"x.consent\",\"subject\":\"m-1\",\"data\":[{\"consent\":{\"sms\":0}}]}", "sms")]
    public void Every_refusal_of_the_records_member_in_a_batch_is_read(string value, string refused)
    {
        foreach (var contentType in new[] { "application/cloudevents-batch+json", "application/json" })
        {
            var record = Records.Of(Topic.Members, "m-1", value, ("content-type", contentType));
            Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
            Assert.Equal(refused.Length > 0, decoder.ReadRefusals(record, e));
            if (refused.Length == 0) continue;
            Assert.Equal(refused, string.Join(' ', e.Consent.Concat(e.Reach).Select(c => c.Channel.ToString()).Order()));
        }
    }

    [Theory]
    [InlineData("{\"member\":\"m-1\",\"consent\":[{\"sms\":false")]
    [InlineData("{\"member\":\"m-1\",\"consent\":{\"sms\":[")]
    [InlineData("{\"member\":\"m-1\",\"reach\":{\"sms\":\"blocked\"},\"kind\":\"unheard of\"}")]
    public void A_truncated_refusal_and_a_refusal_by_reach_are_read(string value)
    {
        var record = Records.Of(Topic.Members, "m-1", value);
        Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
        Assert.True(decoder.ReadRefusals(record, e));
    }

    [Fact]
    public void Only_the_refusals_are_read_from_a_record_the_program_failed_on()
    {
        var poison = Records.Of(Topic.Members, "m-1",
            "\uFEFF{\"id\":\"1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"updated\"," + Refusal + "}") with { Refused = RejectReason.Internal };
        Assert.NotEqual(RejectReason.None, decoder.Decode(Records.Of(Topic.Clicks, "m-2", "{"), e));
        Assert.True(decoder.ReadRefusals(poison, e));
        Assert.Equal((EventKind.Consent, "m-1", Records.Timestamp), (e.Kind, e.Member.ToString(), e.At));
        Assert.Equal([("email", false)], e.Consent.Select(c => (c.Channel.ToString(), c.Given)));
    }

    [Fact]
    public void A_refusal_of_a_rejected_record_is_applied_once_and_the_corrected_record_in_full()
    {
        using var output = new ShardOutput(new RowCollector(new byte[32]), outside: true);
        var applier = new MemberApplier(_ => Rules, output);
        var result = new ApplyResult();
        var member = new Member();
        member.Reset("m-1"u8);
        bool Take(string value) => applier.Decode(Records.Of(Topic.Members, "m-1", value), Rules, result)
            && applier.Apply(member, default, Records.Timestamp, Rules, result) == TurnEnd.Changed
            && member.Profile.Consent.To("email"u8) == false;

        const string Broken = "{\"id\":\"c-1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consnt\"," + Refusal + "}";
        Assert.True(Take(Broken));
        Assert.Equal((1, 1), (result.Counts.Rejected[(int)RejectReason.KindUnknown], result.Counts.Warned[7]));

        // Given again later: the broken record, sent once more, is a duplicate and refuses nothing.
        Take("{\"id\":\"c-2\",\"member\":\"m-1\",\"at\":1772355600251,\"kind\":\"consent\",\"consent\":{\"email\":true}}");
        Assert.True(member.Profile.Consent.To("email"u8));
        Assert.False(applier.Decode(Records.Of(Topic.Members, "m-1", Broken), Rules, result)
            && applier.Apply(member, default, Records.Timestamp, Rules, result) == TurnEnd.Changed);
        Assert.True(member.Profile.Consent.To("email"u8));

        // The corrected record has a new id: its yes to sms counts; its no to email is older than the yes given since.
        Take(Broken.Replace("consnt", "consent", StringComparison.Ordinal));
        Assert.True(member.Profile.Consent.To("sms"u8));
        Assert.True(member.Profile.Consent.To("email"u8));
    }

    private const int Many = 1_100; // more orders and requests than are remembered of a member

    public static TheoryData<string, Topic, string, string> RefusedByTheMember => new()
    {
        // reason, topic, event sent before, event that the member refuses or already has under another id
        { "currency-mismatch", Topic.Purchases, Paid("1", "o", "10", "EUR"), Paid("2", "o", "10", "USD") },
        { "told-again", Topic.Purchases, Paid("1", "o", "10", "EUR"), Paid("2", "o", "10", "EUR") },
        { "refund-exceeds-paid", Topic.Purchases, Paid("1", "o", "10", "EUR"), Paid("2", "o", "11", "EUR").Replace("paid", "refunded", StringComparison.Ordinal) },
        { "too-late", Topic.Members, Adjust("#"), Adjust("2") },
        { "too-late", Topic.Members, Adjust("#"), """{"id":"2","member":"m-1","at":1772355600250,"kind":"redeem","gift":"g","points":1,"request":"r"}""" },
        { "too-late", Topic.Purchases, Paid("#", "#", "10", "EUR"), Paid("2", "o", "10", "EUR") },
    };

    [Theory]
    [MemberData(nameof(RefusedByTheMember))]
    public void The_refusals_of_an_event_that_the_member_refuses_are_applied_once(string why, Topic topic, string before, string value)
    {
        var taken = Apply(leaves: true);
        Assert.Equal(taken.State, Apply(leaves: false).State);
        Assert.Equal(why == "told-again" ? 0 : 1, taken.Rejected);
        Assert.Equal(0, Apply(leaves: false).Rejected);

        (byte[] State, long Rejected) Apply(bool leaves)
        {
            using var output = new ShardOutput(new RowCollector(new byte[32]), outside: true);
            var applier = new MemberApplier(_ => Rules, output);
            var (result, member, writer) = (new ApplyResult(), new Member(), new Members.Snapshots.SnapshotWriter());
            member.Reset("m-1"u8);
            void Take(Topic on, string json)
            {
                var record = Records.Of(on, "m-1", json);
                Assert.True(applier.Decode(record, Rules, result, leaves));
                applier.Apply(member, record, Records.Timestamp, Rules, result, leaves);
            }

            for (var i = 0; i < (why == "too-late" ? Many : 1); i++) Take(topic, before.Replace("#", $"b{i}", StringComparison.Ordinal));
            var earlier = result.Counts.Rejected.Sum(); // of those before some are refused too
            Take(topic, value[..^1] + "," + Refusal + "}");
            Assert.False(member.Profile.Consent.To("email"u8));
            Assert.Null(member.Profile.Consent.To("sms"u8));
            var rejected = result.Counts.Rejected.Sum() - earlier;

            Take(Topic.Members, """{"id":"c","member":"m-1","at":1772355600251,"kind":"consent","consent":{"email":true}}""");
            Take(topic, value[..^1] + "," + Refusal + "}"); // given again since: the same record once more refuses nothing
            Assert.True(member.Profile.Consent.To("email"u8));
            member.Write(writer);
            return (writer.Written.ToArray(), rejected);
        }
    }

    [Theory]
    [InlineData(31, "adjust", true)]
    [InlineData(32, "adjust", true)]
    [InlineData(31, "adjsut", true)]
    [InlineData(32, "adjsut", true)]
    [InlineData(31, "no time", true)]
    [InlineData(32, "no time", false)]
    public void A_repeated_refusal_overrides_a_later_consent_only_without_at_and_after_32_facts(
        int facts, string what, bool given)
    {
        var sent = Adjust("late")[..^1] + "," + Refusal + "}";
        if (what == "adjsut") sent = sent.Replace("adjust", what, StringComparison.Ordinal);
        if (what == "no time") sent = sent.Replace(":1772355600250", ":null", StringComparison.Ordinal);
        var clock = Records.Timestamp;
        using var output = new ShardOutput(new RowCollector(new byte[32]), outside: true);
        var applier = new MemberApplier(_ => Rules, output);
        var (result, member) = (new ApplyResult(), new Member());
        member.Reset("m-1"u8);
        void Take(string value)
        {
            var record = Records.Of(Topic.Members, "m-1", value) with { Timestamp = ++clock };
            Assert.True(applier.Decode(record, Rules, result));
            applier.Apply(member, record, clock, Rules, result);
        }

        for (var i = 0; i < 300; i++) Take(Adjust($"b{i}"));
        var before = result.Counts.Rejected.Sum();
        Take(sent);
        Assert.False(member.Profile.Consent.To("email"u8));
        for (var i = 0; i < facts; i++)
            Take($$$"""{"id":"c{{{i}}}","member":"m-1","at":{{{clock + 1}}},"kind":"consent","consent":{"email":true}}""");
        Assert.True(member.Profile.Consent.To("email"u8));
        Take(sent);
        Assert.Equal(given, member.Profile.Consent.To("email"u8));
        Assert.Equal(2, result.Counts.Rejected.Sum() - before);
    }

    [Fact]
    public void A_commit_that_is_applied_again_gives_the_same_member_and_no_second_dead_letter()
    {
        static (byte[], long) Run(bool leaves)
        {
            using var output = new ShardOutput(new RowCollector(new byte[32]), outside: true);
            var applier = new MemberApplier(_ => Rules, output);
            var (result, member, writer) = (new ApplyResult(), new Member(), new Members.Snapshots.SnapshotWriter());
            member.Reset("m-1"u8);
            if (applier.Decode(Records.Of(Topic.Members, "m-1", "{" + Refusal + "}"), Rules, result, leaves))
                applier.Apply(member, default, Records.Timestamp, Rules, result, leaves);
            member.Write(writer);
            return (writer.Written.ToArray(), result.Counts.Rejected.Sum());
        }

        var (first, rejected) = Run(true);
        var (again, rejectedAgain) = Run(false);
        Assert.Equal(first, again);
        Assert.Equal((1, 0), (rejected, rejectedAgain));
    }

    [Fact]
    public void A_fault_after_a_refusal_does_not_undo_it()
    {
        var tails = Gen.Elements("}", ",\"kind\":5}", ",\"at\":-1}", ",\"x\":[[[[[[[[[[[[[[[[[[", "\u0000", ",\"id\":\"1\",\"id\":2}", ",",
            ",\"points\":\"many\"}", "]}", ",\"data\":{\"consent\":{\"app\":0}}}");
        Prop.ForAll(tails.ListOf().ToArbitrary(), all =>
        {
            var record = Records.Of(Topic.Members, "m-1", "{\"member\":\"m-1\"," + Refusal + string.Concat(all));
            return decoder.Decode(record, e) != RejectReason.None && decoder.ReadRefusals(record, e)
                && e.Consent.Any(c => c.Channel.Span.SequenceEqual("email"u8));
        }).QuickCheckThrowOnFailure();
    }

    private static string Adjust(string id) => $$"""{"id":"{{id}}","member":"m-1","at":1772355600250,"kind":"adjust","points":1,"reason":"x","approver":"a"}""";

    private static string Paid(string id, string order, string amount, string currency) =>
        $$"""{"id":"{{id}}","member":"m-1","at":1772355600250,"kind":"paid","order":"{{order}}","amount":"{{amount}}","currency":"{{currency}}"}""";

    private const string NestedRefusal = "{\"consent\":{\"email\":false}}";
    private const string Long =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" +
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" +
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
}
