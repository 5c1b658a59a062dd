using System.Text.Json.Nodes;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>The dashboard files as they lie in the tree.</summary>
internal static class Files
{
    public static string Folder { get; } = Path.Combine(StreamingProgram.Repository, "dashboards");

    /// <summary>A time before any event of the samples, epoch milliseconds: what an empty installation looks like.</summary>
    public const long BeforeAll = 1_000_000_000_000;

    /// <summary>Every dashboard, by file name.</summary>
    public static IReadOnlyList<(string Name, JsonNode Root)> All { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)
            .Select(f => (Path.GetFileName(f), JsonNode.Parse(File.ReadAllText(f))!))];

    /// <summary>Every panel with its dashboard.</summary>
    public static IEnumerable<(JsonNode Dashboard, JsonNode Panel)> Panels =>
        All.SelectMany(f => f.Root["panels"]!.AsArray().Select(p => (f.Root, p!)));

    /// <summary>Panels that show data.</summary>
    public static IEnumerable<(JsonNode Dashboard, JsonNode Panel)> DataPanels =>
        Panels.Where(p => p.Panel["type"]!.GetValue<string>() != "text");

    /// <summary>The queries of a panel.</summary>
    public static IEnumerable<string> Queries(JsonNode panel) => panel["targets"]!.AsArray().Select(t => t!["rawSql"]!.GetValue<string>());

    /// <summary>How a failing test names a panel.</summary>
    public static string Name(JsonNode dashboard, JsonNode panel) => $"{dashboard["uid"]}/{panel["id"]} {panel["title"]}";
}
