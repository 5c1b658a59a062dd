using Streaming.ClickHouse.Client;
using Streaming.Integration.Tests.LocalClickHouse;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.ClickHouse;

/// <summary>What every host relies on when it asks ClickHouse, on the engine itself.</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class ClientTests(ClickHouseFixture engine)
{
    [Fact]
    public async Task Answers_come_in_the_format_that_is_asked_for()
    {
        using var client = Connect();
        Assert.Equal("1\ta\n2\tb\n", await client.QueryAsync(
            "SELECT * FROM (SELECT 1 AS n, 'a' AS t UNION ALL SELECT 2, 'b') ORDER BY n"));
        Assert.Contains("\"data\":", (await client.QueryAsync("SELECT 1 AS one", format: "JSONCompact"))
            .Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("", await client.QueryAsync("SELECT 1 WHERE 0"));
    }

    [Fact]
    public async Task A_query_of_another_database_is_asked_there()
    {
        using var client = Connect(database: "not_there_yet");
        Assert.Equal("default\n", await client.QueryAsync("SELECT currentDatabase()", database: "default"));
    }

    [Fact]
    public async Task Parameters_arrive_as_they_are()
    {
        using var client = Connect();
        const string odd = "it's\ta \\ \"quoted\" line\nand ünïcode & = + % {x:String} `; DROP TABLE x --";
        var parameters = new Dictionary<string, string> { ["text"] = odd, ["number"] = "18446744073709551615", ["list"] = "['a','b']" };
        var answer = await client.QueryAsync("SELECT hex({text:String}), {number:UInt64}, length({list:Array(String)})", parameters);
        Assert.Equal($"{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(odd))}\t18446744073709551615\t2\n", answer);
    }

    [Fact]
    public async Task Settings_hold_for_their_query_alone()
    {
        using var client = Connect();
        var limits = new Dictionary<string, string> { ["max_result_rows"] = "5" };
        var refused = await Assert.ThrowsAsync<ClickHouseException>(() =>
            client.QueryAsync("SELECT number FROM numbers(10)", querySettings: limits));
        Assert.Equal(396, refused.Code);
        Assert.Equal(10, (await client.QueryAsync("SELECT number FROM numbers(10)")).Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_refusal_has_its_code_and_fault_class()
    {
        using var client = Connect();
        var syntax = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELEC 1"));
        Assert.Equal((Fault.Request, 62, false), (syntax.Whose, syntax.Code, syntax.IsRetryable));
        var missing = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT * FROM not_there"));
        Assert.Equal((Fault.Setup, 60, true), (missing.Whose, missing.Code, missing.IsRetryable));
        using var stranger = Connect(password: "of-nobody");
        var password = await Assert.ThrowsAsync<ClickHouseException>(() => stranger.QueryAsync("SELECT 1"));
        Assert.Equal((Fault.Setup, 516, true), (password.Whose, password.Code, password.IsRetryable));
        Assert.DoesNotContain("of-nobody", password.ToString(), StringComparison.Ordinal);
        using var nobody = Connect(url: "http://127.0.0.1:1");
        var network = await Assert.ThrowsAsync<ClickHouseException>(() => nobody.QueryAsync("SELECT 1"));
        Assert.Equal((Fault.Network, true), (network.Whose, network.IsRetryable));
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_given_up()
    {
        using var client = Connect(timeout: TimeSpan.FromMilliseconds(500));
        var late = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT count() FROM numbers(100000000000)"));
        Assert.Equal((Fault.Network, true), (late.Whose, late.IsRetryable));
    }

    [Fact]
    public async Task A_query_that_is_cancelled_ends_in_the_server_too()
    {
        using var client = Connect();
        using var stop = new CancellationTokenSource();
        const string Marked = "SELECT 'cancelled by its client', count() FROM numbers(100000000000000)";
        var asking = client.QueryAsync(Marked, stop: stop.Token);
        await Until.TrueAsync(async () => await RunningAsync(client) == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Until.TrueAsync(async () => await RunningAsync(client) == 0);
    }

    private static async Task<int> RunningAsync(ClickHouseClient client) => int.Parse(await client.QueryAsync(
        "SELECT count() FROM system.processes WHERE startsWith(query, 'SELECT \\'cancelled by its client')"),
        System.Globalization.CultureInfo.InvariantCulture);

    private ClickHouseClient Connect(string? url = null, string database = "default", string password = EmbeddedClickHouse.Password,
        TimeSpan? timeout = null) => new(new ClickHouseSettings
        {
            Url = url ?? engine.Server.Url.ToString(), User = "default", Password = password, Database = database,
            Timeout = timeout ?? TimeSpan.FromMinutes(1),
        });
}
