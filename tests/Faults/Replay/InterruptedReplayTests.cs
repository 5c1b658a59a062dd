using Streaming.TestKit;
using Streaming.TestKit.Replay;

namespace Streaming.Faults.Replay;

/// <summary>kill -9 in the middle of a replay: the same command goes on, and nothing is missing or twice.</summary>
public sealed class InterruptedReplayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_replay_that_was_killed_and_started_again_gives_the_same_figures()
    {
        using var files = new TemporaryDirectory();
        var sample = new SampleInvoices(45_000);
        var data = Path.Combine(files.Path, "data");
        string[] command = ["replay", sample.WriteTo(files.Path), "--data", data];
        using (var killed = StreamingProgram.Start(command))
        {
            var errors = killed.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(Patience);
            // The progress bar of a redirected output writes a line from time to time; the first with rows in it says that some are done.
            while (await killed.StandardOutput.ReadLineAsync(limit.Token) is { } line
                && (line.Contains(" 0 rows", StringComparison.Ordinal) || !line.Contains(" rows, data time", StringComparison.Ordinal)))
            {
            }

            Assert.False(killed.HasExited, await Exited(killed, errors));
            await ProcessTree.KillAsync(killed);
        }

        using (var again = StreamingProgram.Start(command))
        {
            var said = Task.WhenAll(again.StandardOutput.ReadToEndAsync(), again.StandardError.ReadToEndAsync());
            await again.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(again.ExitCode == 0, string.Join('\n', await said));
            // of both runs, not of the second alone
            foreach (var kind in new[] { "paid", "cancelled" })
                Assert.Matches($@"applied: {kind}\s*\S\s*{sample.Events(kind):N0}\b", (await said)[0]);
        }

        await using var clickhouse = await EmbeddedClickHouse.StartAsync(Path.Combine(data, "clickhouse"));
        var held = new List<string>();
        foreach (var question in SampleInvoices.Queries) held.Add(await clickhouse.QueryAsync(question));
        Assert.Equal(sample.Expected, string.Join('\n', held));
    }

    private static async Task<string> Exited(System.Diagnostics.Process process, Task<string> errors) =>
        process.HasExited ? await errors : "";
}
