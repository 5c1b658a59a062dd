using System.Text.Json.Nodes;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Pipeline.Tests.Contract.Decoding;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>Each field of each kind, missing, null, empty and of every JSON type: schema and decoder give the same verdict.</summary>
public class FieldVerdictLaws
{
    // To a JSON Schema it is the integer 100; the decoder takes it as an amount alone.
    private const string Exponent = "1e2";

    private static readonly string[] Values =
    [
        "null", "\"\"", "\" \"", "\"x\"", "\"EUR\"", "\"12\"", "\"confirm\"", "\"quote\"", "\".\"", "true", "false", "0", "1", "-1", "7", "1.5", Exponent, "[]", "{}",
        "[null]", "[\"\"]", "[\"x\"]", "[1]", "[1.5]", "[true]", "[[]]", "[{}]", "[{\"sku\":null}]", "[{\"sku\":\"\"}]", "[{\"sku\":[]}]",
        "[{\"category\":1}]", "[{\"category\":true}]", "[{\"quantity\":null}]", "[{\"quantity\":\"\"}]", "[{\"quantity\":\"2\"}]",
        "[{\"price\":null}]", "[{\"price\":\"\"}]", "[{\"price\":true}]", "[{\"price\":\"1\"}]", "{\"x\":null}", "{\"x\":\"\"}",
        "{\"x\":\"x\"}", "{\"x\":\"blocked\"}", "{\"x\":1}", "{\"x\":1.5}", "{\"x\":true}", "{\"x\":[]}", "{\"x\":{}}", "{\"\":null}", "{\"\":\"x\"}",
        "{\"\":true}", "{\"\":false}",
    ];

    public static TheoryData<EventKind> Kinds =>
        [.. Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None && InputTopics.All.Contains(kind.Topic()))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_schema_and_the_decoder_agree_on_every_value_of_a_field(EventKind kind)
    {
        var schema = new SchemaFile($"Contract/{InputTopics.Name(kind.Topic())}.schema.json");
        var (decoder, read) = (new EventDecoder(), new MemberEvent());
        var whole = Whole(schema.Root, kind);
        Assert.Equal((RejectReason.None, true), (Decode(whole), schema.Takes(whole)));
        var differ = new List<string>();
        foreach (var name in schema.Root["properties"]!.AsObject().Select(property => property.Key).Append("unknown"))
        {
            foreach (var text in Values.Prepend(null))
            {
                var value = whole.DeepClone().AsObject();
                value.Remove(name);
                if (text is not null) value[name] = JsonNode.Parse(text);
                var verdict = Decode(value);
                var takes = schema.Takes(value);
                var same = verdict == RejectReason.None
                    // A faulty fact is left out alone: the decoder takes the rest, and no producer should send it.
                    ? takes || (read.Warnings & ~FactWarnings.TagsUnused) != FactWarnings.None
                    : !takes || BeyondSchema.Always.Contains(verdict) || text == Exponent;
                if (!same) differ.Add($"{name}: {text ?? "missing"}, the decoder says {verdict.Name()}");
            }
        }

        Assert.Empty(differ);

        RejectReason Decode(JsonObject value) =>
            decoder.Decode(Records.Of(kind.Topic(), value["member"]?.ToString() ?? "m-1", value.ToJsonString()), read);
    }

    // An event of the kind that has every field the schema's examples have, and what that kind needs.
    private static JsonObject Whole(JsonObject schema, EventKind kind)
    {
        var whole = new JsonObject();
        foreach (var example in schema["examples"]!.AsArray().Select(example => example!.AsObject())
            .OrderByDescending(example => example["kind"]!.GetValue<string>() == kind.Name()))
        {
            foreach (var (name, value) in example)
            {
                if (!whole.ContainsKey(name)) whole[name] = value?.DeepClone();
            }
        }

        whole["kind"] = kind.Name();
        if (kind == EventKind.Redeem) whole["points"] = 5;
        return whole;
    }
}
