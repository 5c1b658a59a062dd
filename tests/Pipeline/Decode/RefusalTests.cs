using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Pipeline.Decode;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Sources;
using Member = Streaming.Members.Member;

namespace Streaming.Pipeline.Tests.Decode;

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
    public void Whatever_else_is_wrong_it_is_read(string reason, string value)
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
    [InlineData("m-1", "{\"member\":\"m-2\"," + Refusal + "}")]
    [InlineData(null, "{\"member\":\"m-1\"," + Refusal + "}")]
    [InlineData("..", "{\"member\":\"..\"," + Refusal + "}")]
    [InlineData("m-1", "{\"member\":\"m-1\",\"consent\":{\"email\":true}}")]
    [InlineData("m-1", "{\"member\":\"m-1\",\"x\":" + Refusal2 + "}")]
    public void Nobody_is_refused_for_by_guess(string? key, string value)
    {
        var record = Records.Of(Topic.Members, key, value);
        Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
        Assert.False(decoder.ReadRefusals(record, e));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_hide_no_refusal()
    {
        var value = Encoding.UTF8.GetBytes("{\"member\":\"m-1\",\"x\":\"?\"," + Refusal + "}");
        value[Array.IndexOf(value, (byte)'?')] = 0xFF;
        var record = Records.Of(Topic.Members, "m-1"u8.ToArray(), value);
        Assert.Equal(RejectReason.NotUtf8, decoder.Decode(record, e));
        Assert.True(decoder.ReadRefusals(record, e));
    }

    [Fact]
    public void Other_topics_have_no_consent()
    {
        var record = Records.Of(Topic.Clicks, "m-1", "{" + Refusal + "}");
        Assert.NotEqual(RejectReason.None, decoder.Decode(record, e));
        Assert.False(decoder.ReadRefusals(record, e));
    }

    [Fact]
    public void It_is_applied_once_however_often_the_record_comes_and_the_mended_record_counts_whole()
    {
        using var output = new ShardOutput(new RowCollector(new byte[32]), outside: true);
        var applier = new MemberApplier(_ => Rules, output);
        var part = new OutputPart();
        var member = new Member();
        member.Reset("m-1"u8);
        bool Take(string value) => applier.Decode(Records.Of(Topic.Members, "m-1", value), Rules, part)
            && applier.Apply(member, default, Records.Timestamp, Rules, part) == TurnEnd.Changed
            && member.Profile.Consent.To("email"u8) == false;

        const string Broken = "{\"id\":\"c-1\",\"member\":\"m-1\",\"at\":1772355600250,\"kind\":\"consnt\"," + Refusal + "}";
        Assert.True(Take(Broken));
        Assert.Equal((1, 1), (part.Counts.Rejected[(int)RejectReason.KindUnknown], part.Counts.Warned[7]));

        // Given again later: the broken record, sent once more, is a duplicate and refuses nothing.
        Take("{\"id\":\"c-2\",\"member\":\"m-1\",\"at\":1772355600251,\"kind\":\"consent\",\"consent\":{\"email\":true}}");
        Assert.True(member.Profile.Consent.To("email"u8));
        Assert.False(applier.Decode(Records.Of(Topic.Members, "m-1", Broken), Rules, part)
            && applier.Apply(member, default, Records.Timestamp, Rules, part) == TurnEnd.Changed);
        Assert.True(member.Profile.Consent.To("email"u8));

        Assert.True(Take(Broken.Replace("consnt", "consent", StringComparison.Ordinal)));
        Assert.True(member.Profile.Consent.To("sms"u8));
    }

    [Fact]
    public void A_commit_that_is_applied_again_gives_the_same_member_and_no_second_dead_letter()
    {
        static (byte[], long) Run(bool leaves)
        {
            using var output = new ShardOutput(new RowCollector(new byte[32]), outside: true);
            var applier = new MemberApplier(_ => Rules, output);
            var (part, member, writer) = (new OutputPart(), new Member(), new Members.Snapshots.SnapshotWriter());
            member.Reset("m-1"u8);
            if (applier.Decode(Records.Of(Topic.Members, "m-1", "{" + Refusal + "}"), Rules, part, leaves))
                applier.Apply(member, default, Records.Timestamp, Rules, part, leaves);
            member.Write(writer);
            return (writer.Written.ToArray(), part.Counts.Rejected.Sum());
        }

        var (first, rejected) = Run(true);
        var (again, rejectedAgain) = Run(false);
        Assert.Equal(first, again);
        Assert.Equal((1, 0), (rejected, rejectedAgain));
    }

    [Fact]
    public void No_fault_behind_a_refusal_undoes_it()
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

    private const string Refusal2 = "{\"consent\":{\"email\":false}}";
    private const string Long =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" +
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" +
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
}
