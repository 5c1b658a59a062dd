using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Pipeline.Tests.Contract.Decoding;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>The published input schemas say what the decoder does, field by field.</summary>
public class InputContractTests
{
    public static TheoryData<Topic> Topics => [.. InputTopics.All];

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_schema_has_the_decoders_fields_and_no_others(Topic topic)
    {
        var fields = FieldTable.All.Where(field => ((int)field.Topics & (1 << (int)topic)) != 0).ToList();
        var properties = Schema(topic)["properties"]!.AsObject();
        Assert.Equal(fields.Select(field => field.Name).Order(), properties.Select(property => property.Key).Order());
        foreach (var field in fields) Check(field, properties[field.Name]!.AsObject());
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_schema_names_the_topics_kinds(Topic topic)
    {
        var kinds = Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None && kind.Topic() == topic).Select(kind => kind.Name());
        Assert.Equal(kinds, Schema(topic)["properties"]!["kind"]!["enum"]!.AsArray().Select(kind => kind!.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Schema_examples_are_valid_and_without_a_required_field_are_rejected_as_missing(Topic topic)
    {
        var schema = Schema(topic);
        var examples = schema["examples"]!.AsArray();
        Assert.NotEmpty(examples);
        foreach (var example in examples.Select(example => example!.AsObject()))
        {
            Assert.Equal(RejectReason.None, Decode(topic, example));
            foreach (var name in Required(schema, example))
            {
                var without = example.DeepClone().AsObject();
                Assert.True(without.Remove(name));
                Assert.EndsWith("-missing", Decode(topic, without).Name(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Extra_required_fields_of_a_kind_are_in_its_schema()
    {
        foreach (var kind in Enum.GetValues<EventKind>().Where(kind => kind != EventKind.None))
        {
            var bare = new JsonObject { ["id"] = "1", ["member"] = "m-1", ["at"] = Records.Timestamp, ["kind"] = kind.Name() };
            var needsMore = Required(Schema(kind.Topic()), bare).Any(name => !bare.ContainsKey(name));
            Assert.Equal(needsMore, Decode(kind.Topic(), bare) != RejectReason.None);
        }
    }

    private static void Check(FieldSpec field, JsonObject property)
    {
        int? Number(JsonNode node, string keyword) => node[keyword]?.GetValue<int>();
        switch (field.Type)
        {
            case FieldType.Text or FieldType.Id or FieldType.Timezone or FieldType.Birthday:
                Assert.Equal(field.Max, Number(property, "maxLength"));
                break;
            case FieldType.Member:
                Assert.Equal(Streaming.Members.Member.MaxIdCharacters, Number(property, "maxLength"));
                break;
            case FieldType.Texts:
                Assert.Equal((field.MaxCount, field.Max), (Number(property, "maxItems"), Number(property["items"]!, "maxLength")));
                break;
            case FieldType.Items:
                var lines = property["items"]!["properties"]!.AsObject();
                Assert.Equal(field.MaxCount, Number(property, "maxItems"));
                Assert.Equal(ItemFields.All.Order(), lines.Select(line => "items." + line.Key).Order());
                Assert.Equal((field.Max, field.Max, FieldTable.MaxQuantity),
                    (Number(lines["sku"]!, "maxLength"), Number(lines["category"]!, "maxLength"),
                    lines["quantity"]!["maximum"]!.GetValue<long>()));
                break;
            case FieldType.Consent or FieldType.Reach:
                Assert.Equal((field.MaxCount, field.Max), (Number(property, "maxProperties"),
                    Number(property["propertyNames"]!, "maxLength")));
                break;
            case FieldType.Tags:
                Assert.Equal((field.MaxCount, field.Max), (Number(property, "maxProperties"),
                    Number(property["propertyNames"]!, "maxLength")));
                break;
            case FieldType.Attributes:
                Assert.Equal((field.MaxCount, field.Max), (Number(property, "maxProperties"),
                    Number(property["additionalProperties"]!, "maxLength")));
                break;
            case FieldType.Money:
                Assert.Equal((0, Money.Max / Money.Unit), (property["minimum"]!.GetValue<long>(), property["maximum"]!.GetValue<long>()));
                break;
            case FieldType.Points:
                Assert.Equal((-FieldTable.MaxPoints, FieldTable.MaxPoints),
                    (property["minimum"]!.GetValue<long>(), property["maximum"]!.GetValue<long>()));
                break;
            case FieldType.Rating:
                Assert.Equal((1, 5), (Number(property, "minimum"), Number(property, "maximum")));
                break;
            case FieldType.Result:
                foreach (var result in property["enum"]!.AsArray())
                {
                    Assert.Equal(RejectReason.None, Decode(Topic.Members, new JsonObject
                    {
                        ["id"] = "1", ["member"] =
                        "m-1", ["at"] = Records.Timestamp, ["kind"] = "updated", ["result"] = result?.DeepClone(),
                    }));
                }

                break;
            case FieldType.Step:
                foreach (var step in property["enum"]!.AsArray().Select(step => step?.GetValue<string>()).Append("quote"))
                {
                    var redeem = new JsonObject
                    {
                        ["id"] = "1", ["member"] = "m-1", ["at"] = Records.Timestamp, ["kind"] = "redeem", ["request"] = "r", ["points"] = 5,
                        ["step"] = step,
                    };
                    Assert.Equal(step == "quote" ? RejectReason.NotSupported : RejectReason.None, Decode(Topic.Members, redeem));
                }

                break;
            default:
                Assert.Contains(field.Type, new[] { FieldType.Instant, FieldType.Kind, FieldType.Currency });
                break;
        }
    }

    // What the schema asks of this value: its own list, and those of the branches whose kinds it has.
    private static List<string> Required(JsonObject schema, JsonObject value)
    {
        var rules = schema["allOf"]?.AsArray().Where(rule => rule!["if"]!["properties"]!["kind"]!["enum"]!.AsArray()
            .Any(kind => JsonNode.DeepEquals(kind, value["kind"]))) ?? [];
        return [.. rules.Select(rule => rule!["then"]!).Prepend(schema).SelectMany(part => part["required"]!.AsArray())
            .Select(name => name!.GetValue<string>())];
    }

    private static RejectReason Decode(Topic topic, JsonObject value) =>
        new EventDecoder().Decode(Records.Of(topic, "m-1"u8.ToArray(), Encoding.UTF8.GetBytes(value.ToJsonString())), new MemberEvent());

    private static JsonObject Schema(Topic topic) =>
        JsonNode.Parse(SourceTree.Read("pipeline", "Contract", "Schemas", InputTopics.Name(topic) + ".schema.json"))!.AsObject();
}
