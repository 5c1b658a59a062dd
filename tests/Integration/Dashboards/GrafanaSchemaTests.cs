using System.Text.Json.Nodes;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>The files are what Grafana says a dashboard is: its types, as published on npm, made into a JSON schema.</summary>
public sealed class GrafanaSchemaTests : IDisposable
{
    private static readonly string Scripts = Path.Combine(StreamingProgram.Repository, "tests", "Integration", "Dashboards", "js");
    private readonly TemporaryDirectory directory = new();

    [SkippableFact]
    public async Task Files_are_valid_against_the_types_grafana_publishes()
    {
        var result = await ValidateAsync(Directory.GetFiles(Files.Folder, "*.json"));
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }

    [SkippableTheory]
    [InlineData("drawStyle", "\"wavy\"")]
    [InlineData("gridPos", "{}")]
    [InlineData("thresholds", "{\"mode\": \"sometimes\", \"steps\": []}")]
    [InlineData("legend", "7")]
    public async Task The_schema_finds_a_wrong_field(string property, string value)
    {
        var root = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Files.Folder, "overview.json")))!;
        Assert.True(Replace(root, property, value));
        var file = Path.Combine(directory.Path, "changed.json");
        await File.WriteAllTextAsync(file, root.ToJsonString());
        Assert.Equal(1, (await ValidateAsync([file])).ExitCode);
    }

    public void Dispose() => directory.Dispose();

    private static async Task<ExternalProgramResult> ValidateAsync(string[] files)
    {
        Skip.IfNot(Directory.Exists(Path.Combine(Scripts, "node_modules")), "Grafana's types are not installed: deploy/test does it (npm " +
            "ci in tests/Integration/Dashboards/js).");
        return await ExternalProgram.RunAsync("node", [Path.Combine(Scripts, "validate.mjs"), .. files]);
    }

    private static bool Replace(JsonNode? node, string property, string value)
    {
        switch (node)
        {
            case JsonObject o when o.ContainsKey(property):
                o[property] = JsonNode.Parse(value);
                return true;
            case JsonObject o:
                return o.Select(p => p.Value).Any(child => Replace(child, property, value));
            case JsonArray a:
                return a.Any(child => Replace(child, property, value));
            default:
                return false;
        }
    }
}
