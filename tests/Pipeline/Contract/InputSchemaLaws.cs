using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;
using Streaming.Pipeline.Tests.Contract.Decoding;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>What the decoder takes the published schema takes, and the other way round, but for what a schema cannot say.</summary>
public class InputSchemaLaws
{
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "5", "6", "-1", "1.5", "0.0001", "100000000000", "100000000001", "1000000001", "-1000000001",
        "1772355600250", "\"x\"", "\"EUR\"", "\"eur\"", "\"12.34\"", "\"2026-03-01T10:00:00Z\"", "\"2000-02-29\"", "\"Europe/Paris\"",
        "\"opened\"",
    ];

    private static readonly int[] Lengths = [10, 11, 16, 17, 48, 49, 64, 65, 128, 129, 256, 257, 1024, 1025, 16_384, 16_385];

    private static readonly Gen<JsonNode?> Texts = from length in Gen.Elements(Lengths)
        from character in Gen.Elements("a", "é", "请", "🎁")
        select (JsonNode?)JsonValue.Create(string.Concat(Enumerable.Repeat(character, length)));

    private static readonly Gen<JsonNode?> Plain = Gen.OneOf(Gen.Elements(Scalars).Select(text => JsonNode.Parse(text)), Texts);

    private static readonly Gen<string> Names = Gen.Elements("email", "sku", "quantity", "price", "category", "x");

    private static readonly Gen<JsonNode?> Objects = from names in Names.ListOf()
        from value in Plain
        select (JsonNode?)new JsonObject(names.Distinct().Select(name => KeyValuePair.Create(name, value?.DeepClone())));

    private static readonly Gen<JsonNode?> Lists = from count in Gen.Elements(0, 1, 2, 16, 17, 32, 33, 500, 501)
        from value in Gen.OneOf(Plain, Objects)
        where (value?.ToJsonString().Length ?? 4) * count < 40_000
        select (JsonNode?)new JsonArray([.. Enumerable.Range(0, count).Select(_ => value?.DeepClone())]);

    public static TheoryData<Topic> Topics => [.. InputTopics.All];

    [Theory]
    [MemberData(nameof(Topics))]
    public void The_decoder_and_the_schema_accept_the_same_events(Topic topic)
    {
        var schema = new SchemaFile($"Contract/{InputTopics.Name(topic)}.schema.json");
        var (decoder, read) = (new EventDecoder(), new MemberEvent());
        Prop.ForAll(Events(schema.Root).ToArbitrary(), value =>
        {
            var verdict = decoder.Decode(Record(topic, value), read);
            var same = verdict == RejectReason.None
                // A faulty fact is left out alone: the decoder takes the rest, and no producer should send it.
                ? schema.Takes(value) || read.Warnings != FactWarnings.None
                // The decoder reads null as absent.
                : !schema.Takes(WithoutNulls(value)) || BeyondSchema.WithSizesAndTimes.Contains(verdict);
            Assert.True(same, $"decoder: {verdict} {decoder.LastField}, of {value.ToJsonString()}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    // An example of the schema in which up to two fields are taken out, or have another value.
    private static Gen<JsonObject> Events(JsonObject schema) =>
        from example in Gen.Elements(schema["examples"]!.AsArray().Select(example => example!.AsObject()))
        from count in Gen.Choose(0, 2)
        from names in Gen.Elements(schema["properties"]!.AsObject().Select(property => property.Key).Append("unknown")).ArrayOf(count)
        from values in Gen.OneOf(Plain, Plain, Lists, Objects).ArrayOf(count)
        from removed in Gen.Elements(false, false, true).ArrayOf(count)
        select Changed(example, names, values, removed);

    private static JsonObject Changed(JsonObject example, string[] names, JsonNode?[] values, bool[] removed)
    {
        var changed = example.DeepClone().AsObject();
        for (var i = 0; i < names.Length; i++)
        {
            changed.Remove(names[i]);
            if (!removed[i]) changed[names[i]] = values[i]?.DeepClone();
        }

        return changed;
    }

    private static JsonObject WithoutNulls(JsonObject value) => new(value.Where(field => field.Value is not null)
        .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private static InputRecord Record(Topic topic, JsonObject value) =>
        Records.Of(topic, value["member"]?.ToString() ?? "m-1", value.ToJsonString());
}
