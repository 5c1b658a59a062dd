using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>The tables of panels in dashboards/README.md are written from the JSON files; this test compares them, or writes them with
/// <c>DASHBOARDS_README=write</c>.</summary>
public sealed partial class PanelTableTests
{
    private const string Marker = "<!-- Below this line everything is written from the JSON files by PanelTableTests. -->\n";

    // In the order of the links on the ops page: what is asked first stands first.
    private static readonly string[] Order = ["overview", "engagement", "churn", "rewards", "care", "pipeline", "member"];

    [Fact]
    public void The_panel_tables_of_the_readme_match_the_dashboard_files()
    {
        var path = Path.Combine(Files.Folder, "README.md");
        var readme = File.ReadAllText(path);
        var end = readme.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length;
        Assert.True(end >= Marker.Length, "dashboards/README.md has lost the line below which the tables stand.");
        var expected = readme[..end] + Tables();
        if (Environment.GetEnvironmentVariable("DASHBOARDS_README") == "write") File.WriteAllText(path, expected);
        else Assert.Equal(expected, readme);
    }

    [Fact]
    public void The_readme_has_a_table_for_every_dashboard() =>
        Assert.Equal(Order.Order(), Files.All.Select(f => Path.GetFileNameWithoutExtension(f.Name)).Order());

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var name in Order)
        {
            var root = Files.All.Single(f => f.Name == $"{name}.json").Root;
            text.Append($"\n### {root["title"]}\n\n{English(root)}\n\n| panel | what it shows | reads | when it is red " +
                $"|\n|---|---|---|---|\n");
            foreach (var panel in root["panels"]!.AsArray().Where(p => p!["targets"] is not null)) text.Append(Row(panel!));
        }

        return text.ToString();
    }

    private static string Row(JsonNode panel)
    {
        var text = Filters().Replace(English(panel), "");
        var red = Red().Match(text);
        var shows = red.Success ? text[..red.Index] : text;
        var when = red.Success ? text[(red.Index + red.Length)..] : "never red";
        return $"| {panel["title"]!.GetValue<string>().Split(" · ")[0]} | {shows} | {Reads(panel)} | {when} |\n";
    }

    private static string Reads(JsonNode panel)
    {
        var sql = string.Join('\n', Files.Queries(panel));
        var tables = Table().Matches(sql).Select(m => $"`{m.Groups[1].Value}`").Distinct().Order(StringComparer.Ordinal);
        var metrics = Metric().Matches(sql).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        var projection = Projection().IsMatch(sql) ? ", projection" : "";
        return string.Join(", ", tables) + (metrics.Count == 0 ? "" : $" ({string.Join(", ", metrics)})") + projection;
    }

    private static string English(JsonNode described) => described["description"]!.GetValue<string>().Split("\n\n")[0];

    [GeneratedRegex(@" Filters: [a-z, ]+\.$")]
    private static partial Regex Filters();

    [GeneratedRegex(" Red(?: cells)?: ")]
    private static partial Regex Red();

    [GeneratedRegex(@"\b(?:FROM|JOIN) ([a-z_]+)")]
    private static partial Regex Table();

    [GeneratedRegex("metric = '([a-z_]+)'")]
    private static partial Regex Metric();

    // Effects counted by minute or by day are answered from a projection.
    [GeneratedRegex(@"toStartOf(Minute|Day)\(at\)")]
    private static partial Regex Projection();
}
