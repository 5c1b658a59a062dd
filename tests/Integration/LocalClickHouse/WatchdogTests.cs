using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Embedding;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>
/// An engine that hangs ends its process with code 75, for the supervisor to start another. Here it hangs in opening a pipe that nobody
/// writes to: the test puts one in the place of a table's data.
/// </summary>
public sealed class WatchdogTests
{
    private const int EngineHung = 75;

    [Fact]
    public async Task A_query_that_cannot_be_stopped_ends_the_process()
    {
        await using var server = await EmbeddedClickHouse.StartAsync(arguments: ["--watchdog-seconds", "5", "--max-query-seconds", "1"]);
        await HangingTableAsync(server);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.QueryAsync("SELECT * FROM hanging"));
        await server.Ended.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(EngineHung, server.Process.ExitCode);
        Assert.Contains("a query on readers-", server.Errors, StringComparison.Ordinal);
        Assert.Contains("--max-query-seconds", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hanging_engine_does_not_hold_up_a_stop()
    {
        await using var server = await EmbeddedClickHouse.StartAsync();
        await HangingTableAsync(server);
        var hanging = server.QueryAsync("SELECT * FROM hanging");
        await Until.TrueAsync(async () =>
            await server.QueryAsync("SELECT count() FROM system.processes WHERE query LIKE 'SELECT * FROM hanging%'") == "1");
        Assert.Equal(0, await server.StopAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => hanging);
    }

    [Fact]
    public async Task A_missing_heartbeat_answer_counts_as_a_hang() =>
        Assert.Equal("the engine has not answered SELECT 1 for 1 s (--watchdog-seconds)",
            await ReasonAsync(new TaskCompletionSource<EngineResult>().Task));

    [Fact]
    public async Task A_failed_heartbeat_counts_as_a_hang() =>
        Assert.Equal("the engine answers SELECT 1 with: Code: 49", await ReasonAsync(Task.FromResult(EngineResult.Failed("Code: 49"))));

    [Fact]
    public async Task An_answered_heartbeat_keeps_the_watchdog_running()
    {
        using var stop = new CancellationTokenSource();
        var beats = 0;
        var watchdog = new Watchdog(Options, () =>
        {
            if (++beats == 3) stop.Cancel();
            return Task.FromResult(EngineResult.Failed("") with { Error = null });
        }, [], Assert.Fail);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watchdog.WatchAsync(stop.Token));
        Assert.Equal(3, beats);
    }

    private static ClickHouseOptions Options => new() { DataDirectory = "x", WatchdogSeconds = 1 };

    /// <summary>What the watchdog says when the engine answers so.</summary>
    private static async Task<string> ReasonAsync(Task<EngineResult> answer)
    {
        var reasons = new List<string>();
        await new Watchdog(Options, () => answer, [], reasons.Add).WatchAsync(CancellationToken.None);
        return Assert.Single(reasons);
    }

    private static async Task HangingTableAsync(EmbeddedClickHouse server)
    {
        await server.QueryAsync("CREATE TABLE hanging (n UInt64) ENGINE = TinyLog");
        await server.QueryAsync("INSERT INTO hanging SELECT 1");
        var data = await server.QueryAsync("SELECT concat(data_paths[1], 'n.bin') FROM system.tables WHERE name = 'hanging'");
        var file = Path.IsPathRooted(data) ? data : Path.Combine(server.DataDirectory, data);
        File.Delete(file);
        var made = await ExternalProgram.RunAsync("mkfifo", [file]);
        Assert.True(made.ExitCode == 0, made.Errors);
    }
}
