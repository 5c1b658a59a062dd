using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.Engine.Storing;
using Streaming.Ops.Dashboards;
using Streaming.Silo.ClickHouse;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.ClickHouse;

/// <summary>What both ways to ask ClickHouse have in common, on the engine itself: our own client's, and ClickHouse.Driver's.</summary>
public sealed class ClickHouseContract(ClickHouseFixture fixture) : IClassFixture<ClickHouseFixture>
{
    public static TheoryData<string> Both => new("own", "driver");

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Answers_come_in_the_format_that_is_asked_for(string kind)
    {
        using var clickhouse = Connect(kind);
        Assert.Equal("1\ta\n2\tb\n", await clickhouse.QueryAsync("SELECT * FROM (SELECT 1 AS n, 'a' AS t UNION ALL SELECT 2, " +
            "'b') ORDER BY n", database: "default"));
        Assert.Contains("\"data\":", (await clickhouse.QueryAsync("SELECT 1 AS one", format: "JSONCompact", database: "default"))
            .Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("", await clickhouse.QueryAsync("SELECT 1 WHERE 0", database: "default"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Parameters_arrive_as_they_are(string kind)
    {
        using var clickhouse = Connect(kind);
        const string odd = "it's\ta \\ \"quoted\" line\nand ünïcode & = % {x:String}";
        var parameters = new Dictionary<string, string> { ["text"] = odd, ["number"] = "18446744073709551615", ["list"] = "['a','b']" };
        var answer = await clickhouse.QueryAsync(
            "SELECT hex({text:String}), {number:UInt64}, length({list:Array(String)})", parameters, database: "default");
        Assert.Equal($"{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(odd))}\t18446744073709551615\t2\n", answer);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Settings_hold_for_their_query_alone(string kind)
    {
        using var clickhouse = Connect(kind);
        var limits = new Dictionary<string, string> { ["max_result_rows"] = "5" };
        var refused = await Assert.ThrowsAsync<ClickHouseException>(() =>
            clickhouse.QueryAsync("SELECT number FROM numbers(10)", database: "default", querySettings: limits));
        Assert.Equal(396, refused.Code);
        Assert.Equal(10, (await clickhouse.QueryAsync("SELECT number FROM numbers(10)", database: "default")).Count(c => c == '\n'));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_error_has_its_code_and_fault_class_and_whether_it_is_retried(string kind)
    {
        using var clickhouse = Connect(kind);
        var syntax = await Assert.ThrowsAsync<ClickHouseException>(() => clickhouse.QueryAsync("SELEKT 1", database: "default"));
        Assert.Equal((62, Fault.Request, false), (syntax.Code, syntax.Whose, syntax.IsRetryable));
        var table = await Assert.ThrowsAsync<ClickHouseException>(() =>
            clickhouse.QueryAsync("SELECT * FROM nowhere", database: "default"));
        Assert.Equal((60, Fault.Setup, true), (table.Code, table.Whose, table.IsRetryable));
        using var away = Connect(kind, new Uri("http://127.0.0.1:9/"));
        Assert.Equal(Fault.Network, (await Assert.ThrowsAsync<ClickHouseException>(() => away.QueryAsync("SELECT 1"))).Whose);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_query_that_takes_too_long_is_given_up(string kind)
    {
        using var clickhouse = Connect(kind, timeout: TimeSpan.FromMilliseconds(500));
        var late = await Assert.ThrowsAsync<ClickHouseException>(() =>
            clickhouse.QueryAsync("SELECT count() FROM numbers(100000000000)", database: "default"));
        Assert.Equal((Fault.Network, true), (late.Whose, late.IsRetryable));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Migrations_can_run_twice_and_every_dashboard_query_is_answered(string kind)
    {
        using var clickhouse = Connect(kind, database: "by_" + kind);
        var migrator = new Migrator(clickhouse, NullLogger<Migrator>.Instance);
        await migrator.RunAsync();
        await migrator.RunAsync();
        await new Generations(clickhouse).SwitchAsync(new WriterIdentity(7, "w1"));
        Assert.Equal(7ul, await new Generations(clickhouse).CurrentAsync());

        using var queries = new DashboardQueries(DashboardLibrary.Load(), clickhouse,
            new DashboardSettings { MaxWait = TimeSpan.FromMinutes(1) });
        var asked = 0;
        foreach (var dashboard in queries.Library.All)
        {
            foreach (var panel in dashboard.Panels.Values)
            {
                var answer = await queries.RunAsync(dashboard, panel, new PanelRequest(1_767_225_600_000, 1_767_312_000_000));
                asked += answer.Targets.Count;
            }
        }

        Assert.True(asked > 0);
    }

    private IClickHouse Connect(string kind, Uri? url = null, string database = "engagement", TimeSpan? timeout = null)
    {
        var settings = new ClickHouseSettings { Url = (url ?? fixture.Server.Url).ToString(), User = "default",
            Password = EmbeddedClickHouse.Password, Database = database, Timeout = timeout ?? TimeSpan.FromMinutes(1) };
        return kind == "own" ? new ClickHouseClient(settings) : new DriverClickHouse(settings);
    }
}
