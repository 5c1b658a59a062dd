using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>One of our JSON Schema files, evaluated by JsonSchema.Net.</summary>
internal sealed class SchemaFile
{
    private readonly JsonSchema schema;
    private readonly JsonSchema closed;

    public SchemaFile(string path)
    {
        Root = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)))!.AsObject();
        schema = Of(Root);
        var whole = Root.DeepClone().AsObject();
        whole["unevaluatedProperties"] = false;
        closed = Of(whole);
    }

    /// <summary>The schema as JSON, for tests that look into it.</summary>
    public JsonObject Root { get; }

    /// <summary>Whether the value is as the schema says.</summary>
    public bool Takes(JsonNode? value) => Evaluate(schema, value).IsValid;

    /// <summary>What is wrong with the value; a property that the schema does not declare is wrong too. Empty when nothing is.</summary>
    public List<string> Errors(JsonNode? value)
    {
        var result = Evaluate(closed, value);
        return result.IsValid ? [] : [.. (result.Details ?? []).SelectMany(Said), "not as its schema says"];
    }

    private static IEnumerable<string> Said(EvaluationResults part) =>
        part.Errors?.Select(error => $"{part.InstanceLocation} {error.Key}: {error.Value}") ?? [];

    private static EvaluationResults Evaluate(JsonSchema by, JsonNode? value) =>
        by.Evaluate(JsonSerializer.SerializeToElement(value), new EvaluationOptions { OutputFormat = OutputFormat.List });

    private static JsonSchema Of(JsonObject text) => JsonSchema.FromText(text.ToJsonString(), new BuildOptions { SchemaRegistry = new() });
}
