using Streaming.TestKit;

namespace Streaming.Integration.ClickHouse;

/// <summary>
/// An engine that hangs ends its process with code 75, for the supervisor to start another. The engine here is a stand-in of a few lines of C: the
/// real one hangs only on what the gate refuses.
/// </summary>
public sealed class WatchdogTests : IAsyncLifetime
{
    private const int EngineHung = 75;
    private readonly string folder = Directory.CreateTempSubdirectory("streaming-hang-").FullName;

    private string Library => Path.Combine(folder, "libhang.so");

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact]
    public async Task No_answer_to_the_heartbeat_ends_the_process()
    {
        await using var server = await StartAsync("SELECT 1", "--watchdog-seconds", "5");
        await server.Ended.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(EngineHung, server.Process.ExitCode);
        Assert.Contains("has not answered SELECT 1 for 5 s (--watchdog-seconds)", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_outlives_its_time_ends_the_process()
    {
        await using var server = await StartAsync("forever", "--watchdog-seconds", "5", "--max-query-seconds", "1");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.Http.GetAsync("/?query=SELECT+forever"));
        await server.Ended.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(EngineHung, server.Process.ExitCode);
        Assert.Contains("a query on readers-", server.Errors, StringComparison.Ordinal);
        Assert.Contains("--max-query-seconds", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hanging_engine_does_not_hold_up_a_stop()
    {
        await using var server = await StartAsync("SELECT 1", "--watchdog-seconds", "3600");
        Assert.Equal(0, await server.StopAsync());
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    private async Task<EmbeddedClickHouse> StartAsync(string hangOn, params string[] arguments)
    {
        var source = Path.Combine(StreamingProgram.Repository, "tests", "Integration", "ClickHouse", "hanging-engine.c");
        var built = await Tool.RunAsync("cc", ["-D_GNU_SOURCE", $"-DHANG_ON=\"{hangOn}\"", "-shared", "-fPIC", "-o", Library, source]);
        Assert.True(built.ExitCode == 0, built.Errors);
        return await EmbeddedClickHouse.StartAsync(Path.Combine(folder, "data"), arguments, ("STREAMING_CHDB", Library));
    }
}
