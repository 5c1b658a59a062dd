using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Decoding;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.Amounts;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Pipeline.Tests.Contract;
using Streaming.Pipeline.Tests.Contract.Decoding;
using Stream = Streaming.Members.Effects.Stream;

namespace Streaming.Pipeline.Tests.Contract;

public sealed class EffectMessageTests : IDisposable
{
    private const long At = 1_772_366_400_123; // 2026-03-01T12:00:00.123Z

    private static readonly Dictionary<Stream, SchemaFile> Schemas = new()
    {
        [Stream.ChurnAlerts] = new("Contract/churn-alerts.schema.json"),
        [Stream.Rewards] = new("Contract/rewards.schema.json"),
        [Stream.CareActions] = new("Contract/care-actions.schema.json"),
        [Stream.MemberChanges] = new("Contract/member-changes.schema.json"),
    };

    private readonly Member member = new();
    private readonly EffectBuffer effects = new();
    private readonly EffectMessages messages = new();
    private readonly RuleSet rules = new RuleSet().Named(0xABC);

    public EffectMessageTests() => member.Reset("m-1"u8);

    public void Dispose() => messages.Dispose();

    [Fact]
    public void A_message_has_kind_member_time_and_cause()
    {
        ref var effect = ref effects.Add(member, EffectKind.PointsEarned, "points.purchase", Text.From("purchases/p-1"), At);
        effect.Points = 25;
        effect.Value = 125;
        effect.Because("amount", 25.5);
        effect.Because("endless", double.PositiveInfinity);
        var message = Message();
        Assert.Matches("^[0-9a-f]{32}$", (string)message["id"]!);
        message.Remove("id");
        Assert.Equal(
            """{"kind":"points-earned","member":"m-1","sequence":1,"at":"2026-03-01T12:00:00.123Z","rule":"points.purchase","rulesVersion":"0000000000000abc","cause":"purchases/p-1","points":25,"balance":125,"why":{"amount":25.5,"endless":null}}""",
            message.ToJsonString());
    }

    [Fact]
    public void A_message_of_every_effect_kind_matches_its_schema()
    {
        foreach (var kind in Enum.GetValues<EffectKind>().Where(k => k is not (EffectKind.None or EffectKind.Tell)))
        {
            effects.Clear();
            Like(ref effects.Add(member, kind, "group.rule", Text.From("cause"), At));
            Assert.Empty(Schemas[kind.Stream()].Errors(Message()));
        }
    }

    [Fact]
    public void Messages_of_random_inputs_match_their_schemas() => Prop.ForAll(Inputs, inputs =>
    {
        var someone = new Member();
        someone.Reset("m-2"u8);
        var now = At;
        foreach (var (kind, hours, number) in inputs)
        {
            now += hours * 3_600_000L;
            effects.Clear();
            if (kind == EventKind.None) MemberCore.Wake(someone, now, now, rules, effects);
            else MemberCore.Apply(someone, Event(kind, now, number), now, rules, effects);
            foreach (var effect in effects.Items.ToArray())
            {
                if (effect.Kind != EffectKind.Tell) Assert.Empty(Schemas[effect.Kind.Stream()].Errors(Message(someone, effect)));
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_signal_message_is_decoded_as_an_event()
    {
        ref var effect = ref effects.Add(member, EffectKind.Tell, "lifecycle.influence", Text.From("clicks/c-1"), At);
        effect.To = "appreciated";
        effect.Subject = Text.From("m-9");
        var message = Message();
        var e = new MemberEvent();
        var verdict = new EventDecoder().Decode(Records.Of(Topic.Signals, "m-9", message.ToJsonString()), e);
        Assert.Equal(RejectReason.None, verdict);
        Assert.Equal((EventKind.Appreciated, "m-9", "m-1", At), (e.Kind, e.Member.ToString(), e.From.ToString(), e.At));
        Assert.Equal((string)message["id"]!, e.Id.ToString());
    }

    [Fact]
    public void Text_of_any_script_is_unchanged_in_messages()
    {
        ref var effect = ref effects.Add(member, EffectKind.PointsSpent, "points.redeem", Text.From("members/\"\\\n\u0001"), At);
        effect.Subject = Text.From("请求<1>");
        effect.Detail = Text.From("🎁 & co");
        var message = Message();
        Assert.Equal(("members/\"\\\n\u0001", "请求<1>", "🎁 & co"), ((string?)message["cause"], (string?)message["request"], (string?)message["gift"]));
    }

    [Fact]
    public void Writing_a_message_allocates_nothing()
    {
        Like(ref effects.Add(member, EffectKind.LevelChanged, "levels.gold", Text.From("purchases/p-1"), At));
        var to = new ArrayBufferWriter<byte>(4096);
        messages.Write(to, member, effects.Items[0], rules);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            to.ResetWrittenCount();
            messages.Write(to, member, effects.Items[0], rules);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("EUR", 219_000, "21.90")]
    [InlineData("EUR", 219_050, "21.905")]
    [InlineData("JPY", 12_500_000_000, "1250000")]
    [InlineData("KWD", 35_000, "3.500")]
    [InlineData("CLF", 1, "0.0001")]
    [InlineData("EUR", 0, "0.00")]
    public void Money_is_written_with_the_decimals_of_its_currency(string currency, long amount, string written)
    {
        var effect = new Effect { Kind = EffectKind.PointsEarned, Rule = "points.purchase", Cause = Text.From("purchases/p-1"),
            To = currency };
        effect.Because("amount", new Members.Amounts.Money(amount, Currencies.Code(currency)));
        var to = new ArrayBufferWriter<byte>();
        messages.Write(to, member, effect, rules);
        var text = Encoding.UTF8.GetString(to.WrittenSpan);
        Assert.Contains($"\"amount\":{written}}}", text, StringComparison.Ordinal);
        Assert.Contains($"\"currency\":\"{currency}\"", text, StringComparison.Ordinal);
    }

    private static readonly Arbitrary<(EventKind Kind, int Hours, int Number)[]> Inputs = (
        from kind in Gen.Elements(Enum.GetValues<EventKind>())
        from hours in Gen.Frequency((4, Gen.Choose(0, 30)), (1, Gen.Choose(500, 5000)))
        from number in Gen.Choose(0, 2_000)
        select (kind, hours, number)).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();

    private static MemberEvent Event(EventKind kind, long at, int number) => new()
    {
        Kind = kind, At = at, Member = Text.From("m-2"), Id = Text.From($"e-{at}-{number}"), Amount = number * 5_000L,
            Currency = Text.From("EUR"), Points = number + 1,
        Request = Text.From($"q-{at}"), Gift = Text.From("mug"), Author = Text.From("m-3"), Rating = (byte)(number % 6), Birthday = Text.From("--02-29"), Reason = Text.From("because"),
    };

    // Sets the fields that the core sets for this kind of effect.
    private static void Like(ref Effect effect)
    {
        effect.Value = 2;
        switch (effect.Kind)
        {
            case EffectKind.AlertRaised: effect.Reason = "gap"; break;
            case EffectKind.AlertCleared: (effect.From, effect.Reason) = ("gap", "returned"); break;
            case EffectKind.PointsSpent: (effect.Points, effect.Subject) = (-5, Text.From("q-1")); break;
            case EffectKind.PointsExpired: effect.Points = -5; break;
            case EffectKind.RedeemRejected: (effect.Subject, effect.Reason) = (Text.From("q-1"), "short"); break;
            case EffectKind.RedeemRepeated: (effect.Subject, effect.Reason) = (Text.From("q-1"), "granted"); break;
            case EffectKind.PointsReversed: (effect.Points, effect.Value, effect.To, effect.Reason) = (-5, -3, "EUR", "refunded"); break;
            case EffectKind.PointsWithheld: (effect.To, effect.Reason) = ("XTS", "currency-without-rule"); break;
            case EffectKind.BadgeEarned: effect.To = "regular"; break;
            case EffectKind.CareAction: (effect.To, effect.Subject) = ("birthday-greeting", Text.From("sms")); break;
            case EffectKind.CareSuppressed: (effect.To, effect.Reason) = ("birthday-greeting", "left"); break;
            case EffectKind.CareHeld: (effect.To, effect.Reason, effect.Until) = ("birthday-greeting", "quiet-hours", At); break;
            case EffectKind.StageChanged: (effect.From, effect.To) = ("interest", "engagement"); break;
            case EffectKind.TierChanged: (effect.From, effect.To) = ("base", "waist"); break;
            case EffectKind.LevelChanged: (effect.From, effect.To) = ("silver", "gold"); break;
            case EffectKind.MemberJoined: effect.Reason = "joined"; break;
        }

        effect.Because("number", 1.5);
    }

    private JsonObject Message() => Message(member, effects.Items[0]);

    private JsonObject Message(Member of, in Effect effect)
    {
        var to = new ArrayBufferWriter<byte>();
        messages.Write(to, of, effect, rules);
        return JsonNode.Parse(Encoding.UTF8.GetString(to.WrittenSpan))!.AsObject();
    }
}
