using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.ClickHouse.Client;
using Streaming.Ops.Dashboards;
using Xunit.Abstractions;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>Every query of every dashboard, expanded and run on the real engine over rows the pipeline made.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class DashboardQueryTests(DashboardFixture fixture, ITestOutputHelper output)
{
    public static TheoryData<string> Uids => [.. Files.All.Select(f => f.Root["uid"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task Every_query_has_rows_and_the_columns_of_its_panel_type(string uid)
    {
        var dashboard = fixture.Library.Find(uid)!;
        var problems = new List<string>();
        foreach (var (root, panel) in Files.DataPanels.Where(p => p.Dashboard["uid"]!.GetValue<string>() == uid))
        {
            var id = panel["id"]!.GetValue<int>();
            try
            {
                var result = await fixture.Queries.RunAsync(dashboard, dashboard.Panels[id], fixture.Request(dashboard));
                foreach (var target in result.Targets)
                {
                    output.WriteLine($"{Files.Name(root, panel)}: {target.Rows.GetArrayLength()} rows, {target.RowsRead} read of " +
                        $"{fixture.Events} events");
                    if (target.Rows.GetArrayLength() == 0) problems.Add($"{Files.Name(root, panel)}: no rows");
                    if (Shape.Problem(panel, target) is { } problem) problems.Add($"{Files.Name(root, panel)}: {problem}");
                }
            }
            catch (Exception e) when (e is ClickHouseException or QueryTemplateException)
            {
                problems.Add($"{Files.Name(root, panel)}: {e.Message}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Theory]
    [MemberData(nameof(Uids))]
    public async Task Every_query_runs_with_every_variable_set_and_with_injection_attempts(string uid)
    {
        var dashboard = fixture.Library.Find(uid)!;
        var asked = 0;
        foreach (var value in new[] { "loyalty", "'; DROP TABLE health_rows; --", "\\", "$stage", "{x:String}" })
        {
            var request = fixture.Request(dashboard, [.. dashboard.Variables.Where(v => v.Name is not "datasource")
                .Select(v => (v.Name, value))]);
            foreach (var panel in dashboard.Panels.Values)
            {
                asked += (await fixture.Queries.RunAsync(dashboard, panel, request)).Targets.Count(t => t.Columns.GetArrayLength() > 0);
            }
        }

        Assert.Equal(5 * dashboard.Panels.Values.Sum(panel => panel.Targets.Count), asked);
        Assert.Equal("1", (await fixture.Client.QueryAsync("EXISTS TABLE health_rows")).Trim());
    }

    [Fact]
    public async Task No_panel_is_red_without_data()
    {
        foreach (var (root, panel) in Files.DataPanels.Where(p =>
            p.Panel["type"]!.GetValue<string>() == "stat" && p.Panel["fieldConfig"]!.ToJsonString()
            .Contains("#D55E00", StringComparison.Ordinal)))
        {
            // of the members there are, at whatever time
            if (Files.Queries(panel).All(sql =>
                !sql.Contains("$__", StringComparison.Ordinal) || sql.Contains("FROM outlook", StringComparison.Ordinal)))
                continue;
            var dashboard = fixture.Library.Find(root["uid"]!.GetValue<string>())!;
            var result = await fixture.Queries.RunAsync(dashboard, dashboard.Panels[panel["id"]!.GetValue<int>()],
                new PanelRequest(Files.BeforeAll - 86_400_000, Files.BeforeAll));
            foreach (var row in result.Targets.SelectMany(t => t.Rows.EnumerateArray()))
                Assert.True(row.EnumerateArray().All(cell => cell.ValueKind == JsonValueKind.Null),
                    $"{Files.Name(root, panel)} shows {row}");
        }
    }

    [Theory]
    [InlineData("engagement-overview", "Events by channel", "channel", "purchases")]
    [InlineData("engagement-activity", "Events by stage of the member", "stage", "loyalty")]
    [InlineData("engagement-pipeline", "Rejects by reason", "channel", "purchases")]
    [InlineData("engagement-rewards", "Points earned by stage", "stage", "loyalty")]
    public async Task A_chosen_variable_leaves_only_its_value(string uid, string title, string variable, string value)
    {
        var dashboard = fixture.Library.Find(uid)!;
        var id = Files.DataPanels.Single(p => p.Dashboard["uid"]!.GetValue<string>() == uid && p.Panel["title"]!.GetValue<string>()
            .StartsWith(title + " ·", StringComparison.Ordinal)).Panel["id"]!.GetValue<int>();
        async Task<string[]> Values(PanelRequest request)
        {
            var target = (await fixture.Queries.RunAsync(dashboard, dashboard.Panels[id], request)).Targets[0];
            var column = target.Columns.EnumerateArray().ToList().FindIndex(c => c.GetProperty("name").GetString() is var name
                && (name == variable || (name == "topic" && variable == "channel")));
            return [.. target.Rows.EnumerateArray().Select(r => r[column].GetString()!).Distinct()];
        }

        Assert.True((await Values(fixture.Request(dashboard))).Length > 1);
        Assert.Equal([value], await Values(fixture.Request(dashboard, (variable, value))));
    }

    [Fact]
    public async Task Variable_options_are_the_stages_tiers_and_channels()
    {
        foreach (var dashboard in fixture.Library.All)
        {
            async Task<IReadOnlyList<string>> Options(string name) =>
                await fixture.Queries.OptionsAsync(dashboard.Variables.Single(v => v.Name == name));
            Assert.Contains("loyalty", await Options("stage"));
            Assert.Contains("base", await Options("tier"));
            Assert.Equal(["clicks", "purchases", "chats", "members", "signals"], await Options("channel"));
        }
    }

    [Fact]
    public async Task Counting_effects_reads_a_projection()
    {
        const int Rows = 400_000;
        using var client = await fixture.DatabaseAsync("projections");
        await client.QueryAsync("INSERT INTO generations (generation, switched, writer) VALUES (1, now64(3), 'test')");
        foreach (var (table, kind) in new[] { ("alerts_rows", "alert-raised"), ("rewards_rows", "points-earned"),
            ("care_actions_rows", "care-action") })
        {
            await client.QueryAsync(
                $"INSERT INTO {table} (generation, at, member, kind, rule, reason, stage, tier, to, subject, points, seq, inserted) "
                + $"SELECT 1, now64(3) - number / {Rows} * 80000, leftPad(toString(number % 500), 32, '0'), '{kind}', 'r', 'gap', " +
                    $"'loyalty', 'base', 'a', 'push', 1, 1, now64(3) FROM numbers({Rows})");
        }

        using var queries = new DashboardQueries(fixture.Library, client, new DashboardSettings { MaxTime = TimeSpan.FromMinutes(1) });
        var counted = 0;
        foreach (var dashboard in fixture.Library.All)
        {
            foreach (var panel in dashboard.Panels.Values.Where(p => p.Targets.Any(t =>
                t.Sql.Contains("toStartOfMinute(at)", StringComparison.Ordinal)
                || t.Sql.Contains("toStartOfDay(at)", StringComparison.Ordinal))))
            {
                var result = await queries.RunAsync(dashboard, panel, fixture.Request(dashboard) with { To =
                    DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });
                Assert.True(result.Targets[0].RowsRead < Rows / 50, $"{dashboard.Uid}/{panel.Id} read {result.Targets[0].RowsRead} rows " +
                    $"of {Rows}: {panel.Targets[0].Sql}");
                counted++;
            }
        }

        Assert.True(counted > 10);
    }
}

/// <summary>What a panel of each kind needs from its query.</summary>
internal static class Shape
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(JsonNode panel, TargetResult target)
    {
        var columns = target.Columns.EnumerateArray().Select(c =>
            (Name: c.GetProperty("name").GetString()!, Type: c.GetProperty("type").GetString()!)).ToList();
        bool IsTime((string Name, string Type) c) => c.Type.Contains("DateTime", StringComparison.Ordinal);
        bool IsText((string Name, string Type) c) => c.Type.Contains("String", StringComparison.Ordinal);
        var numbers = columns.Count(c => !IsTime(c) && !IsText(c) && !c.Type.StartsWith("Date", StringComparison.Ordinal));
        var overrides = panel["fieldConfig"]!["overrides"]!.AsArray().Where(o => o!["matcher"]!["id"]!.GetValue<string>() == "byName")
            .Select(o => o!["matcher"]!["options"]!.GetValue<string>());
        switch (panel["type"]!.GetValue<string>())
        {
            case "timeseries" or "heatmap":
                if (!IsTime(columns[0]) || columns[0].Name != "time")
                {
                    return $"the first column must be a time named time, and is {columns[0]}";
                }
                if (columns.Count(IsText) > 1 || numbers != 1) return "needs one number and at most one text that names the series";
                return columns.Any(IsText) && columns[^1].Name != "Value" ? "with series, the number must be named Value, so that " +
                    "Grafana names series by their label alone" : null;
            case "barchart":
                var x = panel["options"]!["xField"]!.GetValue<string>();
                return columns[0].Name == x && IsText(columns[0]) && numbers == columns.Count - 1 ? null
                    : $"needs the text {x} and then numbers";
            case "stat" or "bargauge" or "piechart":
                if (numbers != columns.Count || target.Rows.GetArrayLength() > 1) return "needs one row of numbers";
                return overrides.Except(columns.Select(c => c.Name)).FirstOrDefault() is { } missing
                    ? $"has an override for {missing}, which is no column" : null;
            case "table":
                return overrides.Except(columns.Select(c => c.Name)).FirstOrDefault() is { } absent
                    ? $"has an override for {absent}, which is no column" : null;
            case var type:
                return $"{type} is not a kind of panel the page draws";
        }
    }
}
