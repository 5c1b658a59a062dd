using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Loadtests.Ladder.Reports;
using Streaming.Ops.Dashboards;

namespace Streaming.Loadtests.Ladder.Panels;

/// <summary>What every panel of the dashboards reads, as its dashboard opens and over a month, and how long that takes.</summary>
internal static class PanelsRun
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(5); // not the ops page's 10 s: a slow panel is measured, not cut off
    private const long MostRows = 25_000_000, Hour = 3_600_000, Day = 24 * Hour;

    /// <summary>Runs it; what it made is gone afterwards, but for the report.</summary>
    /// <exception cref="CommandException">A panel reads more rows than the sums of a month have.</exception>
    public static async Task<int> RunAsync(string? clickhouse, string data, string? report, IReadOnlyList<string> arguments,
        CancellationToken stop)
    {
        MarkdownReport.Check(report);
        var (panels, machine) = await EmptyTables.UseAsync("panels", clickhouse, data, async (client, settings) =>
        {
            Console.WriteLine($"filling {settings.Database} at {settings.Url} with a month …");
            foreach (var sql in MonthOfRows.Statements) await client.QueryAsync(sql, stop: stop);
            return await MeasureAsync(client, stop);
        }, stop);
        await MarkdownReport.SayAsync(PanelsReport.Write(panels, machine, clickhouse, arguments), report, stop);
        var over = panels.Where(p => Math.Max(p.Opened.Rows, p.Month.Rows) > MostRows).Select(p => $"{p.Dashboard} {p.Panel}").ToList();
        return over.Count == 0 ? 0 : throw new CommandException($"More than {MostRows:N0} rows are read by: {string.Join(", ", over)}");
    }

    private static async Task<List<PanelCost>> MeasureAsync(ClickHouseClient client, CancellationToken stop)
    {
        var member = (await client.QueryAsync($"SELECT {MonthOfRows.Member} FROM numbers(1)", stop: stop)).Trim();
        var library = DashboardLibrary.Load();
        using var queries = new DashboardQueries(library, client, new DashboardSettings { MaxTime = MaxTime });
        var costs = new List<PanelCost>();
        foreach (var dashboard in library.All)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            var variables = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            if (dashboard.Variables.Any(v => v.Name == "member")) variables["member"] = [member];
            var span = OpensWith(dashboard);
            foreach (var panel in dashboard.Panels.Values)
            {
                costs.Add(new PanelCost(dashboard.Title.En, panel.Id,
                    await AskAsync(queries, dashboard, panel, new PanelRequest(now - span, now, variables, span / 200), stop),
                    await AskAsync(queries, dashboard, panel, new PanelRequest(now - (30 * Day), now, variables, Hour), stop)));
            }
        }

        return costs;
    }

    private static async Task<PanelAnswer> AskAsync(DashboardQueries queries, Dashboard dashboard, DashboardPanel panel,
        PanelRequest asked, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await queries.RunAsync(dashboard, panel, asked, stop);
        return new PanelAnswer(result.Targets.Sum(t => t.RowsRead), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>The time range that the dashboard opens with, in milliseconds.</summary>
    private static long OpensWith(Dashboard dashboard)
    {
        using var json = JsonDocument.Parse(dashboard.File);
        var from = json.RootElement.GetProperty("time").GetProperty("from").GetString()!;
        return long.Parse(from["now-".Length..^1], CultureInfo.InvariantCulture) * (from[^1] == 'h' ? Hour : Day);
    }
}
