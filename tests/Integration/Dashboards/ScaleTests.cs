using System.Diagnostics;
using System.Globalization;
using Streaming.Ops.Dashboards;
using Xunit.Abstractions;

namespace Streaming.Integration.Dashboards;

/// <summary>What panels read when a hundred million events of a million members lie behind the sums.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class ScaleTests(DashboardFixture fixture, ITestOutputHelper output)
{
    private const int Minutes = 30 * 24 * 60;
    private const string Member = "lower(hex(sipHash128(number % 1000000)))";

    // A month of sums as the pipeline leaves them, and of effects: one in five events earns points.
    private static readonly string[] Rows =
    [
        "INSERT INTO generations (generation, switched, writer) SELECT 1, now64(3), 'scale'",
        "INSERT INTO rules_rows (inserted, generation, since, version, score_half_life) SELECT now64(3), 1, now64(3) - 2592000, " +
        "'v', 1209600",
        $"""
        INSERT INTO activity_rows (inserted, generation, minute, topic, kind, stage, tier, events)
        SELECT now64(3), 1, toStartOfMinute(now()) - 60 * intDiv(number, 60), ['clicks', 'purchases', 'chats'][1 + number % 3], concat('kind', toString(number % 15)),
            ['awareness', 'interest', 'engagement', 'loyalty'][1 + number % 4], ['base', 'waist', 'head'][1 + intDiv(number, 4) % 3], 39 FROM numbers({Minutes * 60})
        """,
        $"""
        INSERT INTO points_rows (inserted, generation, minute, kind, rule, stage, tier, entries, points)
        SELECT now64(3), 1, toStartOfMinute(now()) - 60 * intDiv(number, 24), ['points-earned', 'points-spent'][1 + number % 2], concat('rule', toString(number % 8)), 'loyalty', 'base', 19, 190
        FROM numbers({Minutes * 24})
        """,
        $"INSERT INTO transitions_rows (inserted, generation, minute, from_stage, to_stage, members) SELECT now64(3), 1, " +
        $"toStartOfMinute(now()) - 60 * intDiv(number, 6), 'interest', ['engagement', 'dormant', 'lapsed', 'recovered', 'loyalty', " +
        $"'conversion'][1 + number % 6], 3 FROM numbers({Minutes * 6})",
        "INSERT INTO population_rows (inserted, generation, gauge, bucket, name, members) SELECT now64(3), 1, 'stage', 1 + number, " +
        "['awareness', 'interest', 'engagement', 'conversion', 'loyalty', 'dormant', 'lapsed', 'recovered'][1 + number], 125000 " +
        "FROM numbers(8)",
        "INSERT INTO population_rows (inserted, generation, gauge, bucket, name, members) SELECT now64(3), 1, 'score', toInt32(4 * " +
        "toUnixTimestamp(now()) / 1209600) + number - 20, '', 25000 FROM numbers(40)",
        $"""
        INSERT INTO population_changes_rows (inserted, generation, minute, gauge, bucket, name, members)
        SELECT now64(3), 1, toStartOfMinute(now()) - 60 * intDiv(number, 80) AS at, if(number % 80 < 8, 'stage', if(number % 80 < 48, 'score', 'alert_day')),
            if(number % 80 < 8, 1 + number % 80, if(number % 80 < 48, toInt32(4 * toUnixTimestamp(at) / 1209600) + number % 80 - 28, 20000 + number % 80)),
            if(number % 80 < 8, ['awareness', 'interest', 'engagement', 'conversion', 'loyalty', 'dormant', 'lapsed', 'recovered'][1 + number % 8], ''), if(intDiv(number, 80) % 2 = 0, 1, -1)
        FROM numbers({Minutes * 80})
        """,
        $"INSERT INTO rejects_rows (inserted, generation, minute, topic, reason, records) SELECT now64(3), 1, toStartOfMinute(now()) - " +
        $"60 * intDiv(number, 3), ['clicks', 'purchases', 'chats'][1 + number % 3], 'unknown-kind', 1 FROM numbers({Minutes * 3})",
        "INSERT INTO retention_rows (inserted, generation, period, cohort, start, members) SELECT now64(3), 1, 'day', today() - number % " +
        "60, today() - intDiv(number, 60), 500 FROM numbers(3600)",
        $"INSERT INTO members_rows (inserted, generation, member, first_seen, updated, events, stage, tier) SELECT now64(3), 1, " +
        $"{Member}, now64(3) - 2592000, now64(3), 100, 'loyalty', 'base' FROM numbers(1000000)",
        $"INSERT INTO alerts_rows (inserted, generation, at, member, sequence, kind, reason, rule, stage, tier) SELECT now64(3), 1, " +
        $"now64(3) - number * 1.29, {Member}, number, ['alert-raised', 'alert-cleared'][1 + number % 2], 'gap', 'churn.gaps', 'loyalty', " +
        $"'base' FROM numbers(2000000)",
        $"INSERT INTO care_actions_rows (inserted, generation, at, member, sequence, kind, to, subject, stage, tier) SELECT now64(3), 1, " +
        $"now64(3) - number * 0.86, {Member}, number, 'care-action', 'greeting', 'app', 'loyalty', 'base' FROM numbers(3000000)",
        $"INSERT INTO rewards_rows (inserted, generation, at, member, sequence, kind, rule, stage, tier, points, value, cause) SELECT " +
        $"now64(3), 1, now64(3) - number * 0.1296, {Member}, number, 'points-earned', concat('rule', toString(number % 8)), 'loyalty', " +
        $"'base', 10, 500, 'clicks/1' FROM numbers(20000000)",
        $"INSERT INTO health_rows (inserted, generation, at, metric, label, value) SELECT now64(3), 1, now64(3) - 10 * intDiv(number, " +
        $"9), ['lag_records', 'latency_seconds', 'records_per_second', 'commit_age_seconds', 'outbox_waiting', 'outbox_age_seconds', " +
        $"'landing_seconds', 'shard_records_per_second', 'records_per_second'][1 + number % 9], ['', '0.99', 'clicks', '', 'kafka', " +
        $"'kafka', '', '0', 'chats'][1 + number % 9], 1 FROM numbers({30 * 8640 * 9})",
    ];

    [SkippableFact]
    public async Task Panels_stay_fast_over_a_hundred_million_events()
    {
        Skip.If(Environment.GetEnvironmentVariable("DASHBOARDS_AT_SCALE") != "1", "Minutes long and 3 GB of disk: set " +
            "DASHBOARDS_AT_SCALE=1.");
        using var client = await fixture.DatabaseAsync("scale");
        foreach (var sql in Rows) await client.QueryAsync(sql);
        Assert.True(long.Parse(await client.QueryAsync("SELECT sum(events) FROM activity"), CultureInfo.InvariantCulture) > 100_000_000);
        var member = (await client.QueryAsync($"SELECT {Member} FROM numbers(1)")).Trim();
        using var queries = new DashboardQueries(fixture.Library, client, new DashboardSettings());
        foreach (var dashboard in fixture.Library.All)
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            foreach (var panel in dashboard.Panels.Values)
            {
                var asked = fixture.Request(dashboard) with { To = now };
                if (dashboard.Variables.Any(v => v.Name == "member"))
                {
                    asked = asked with { Variables = new Dictionary<string, IReadOnlyList<string>> { ["member"] = [member] } };
                }
                var (opened, openedFor) = await TimedAsync(queries, dashboard, panel, asked);
                var (month, monthFor) =
                    await TimedAsync(queries, dashboard, panel, asked with { From = now - (30L * 86_400_000), IntervalMs = 3_600_000 });
                output.WriteLine($"| {dashboard.Title.En} | {panel.Id} | {opened:N0} | {openedFor:0} | {month:N0} | {monthFor:0} |");
                Assert.InRange(Math.Max(opened, month), 0, 25_000_000);
            }
        }
    }

    private static async Task<(long Rows, double Milliseconds)> TimedAsync(DashboardQueries queries, Dashboard dashboard,
        DashboardPanel panel, PanelRequest asked)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await queries.RunAsync(dashboard, panel, asked);
        return (result.Targets.Sum(t => t.RowsRead), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
