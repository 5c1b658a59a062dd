using Confluent.Kafka;
using Spectre.Console;
using Streaming.App.Commands;
using Streaming.Ops.Logs;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Replay;
using Streaming.Pipeline.Sources;
using Streaming.Pipeline.Store;

namespace Streaming.App.Hosting;

/// <summary>One replay from files into a data directory of its own: own topics, own state, own generation in ClickHouse, the data's own clock.</summary>
internal static class ReplayRun
{
    private static readonly TimeSpan Landing = TimeSpan.FromMinutes(10);

    /// <summary>Runs to the end of the files.</summary>
    /// <param name="speed">Data seconds per second; 0 = as fast as it goes.</param>
    /// <param name="outside">Whether alerts, rewards, care actions and changes are sent (to the run's own topics).</param>
    public static async Task<int> RunAsync(UpSettings settings, IReadOnlyList<ReplayFile> files, double speed, bool outside, CancellationToken stop)
    {
        using var logs = LoggerFactory.Create(b => b.AddLines().SetMinimumLevel(LogLevel.Warning));
        using var directory = Installation.Open(settings);
        using var store = SqliteStore.Open(directory);
        var state = new RunState(store.Facts);
        state.BeginReplay();
        var identity = StoreIdentity.Of(directory, store.Facts, settings.PseudonymKey.Length > 0 ? settings.PseudonymKey : null);
        var rules = new RulesBook(store.Facts, settings.RulesText);
        var replay = CsvReplay.Open(files, directory.File("spill"));
        var topics = new InputTopics(state.Prefix);
        await using var parts = await EmbeddedParts.StartAsync(settings, Installation.Topics(topics), logs, stop);
        var hosting = settings.Host with { ClickHouse = parts.Apply(settings.Host.ClickHouse) };
        hosting.Shards.WakesPerSegment = int.MaxValue;
        ReplaySource? source = null;
        await using var host = new EmbeddedHost(
            hosting, store, identity, rules, new HostMode(state.Prefix, outside, Current: false),
            made => source = new ReplaySource(
                hosting.Kafka, topics, parts.Identity, made, replay.Read(), files.Max(f => f.Mapping.Disorder),
                new ReplayPace(speed, TimeProvider.System), logs.CreateLogger("Streaming.Replay")),
            logs);
        var began = TimeProvider.System.GetTimestamp();
        host.Start();
        var ended = await ShowAsync(replay, source!, host, stop);
        if (host.Ended.IsCompleted) throw new CommandException((await host.Ended)!.Message);
        if (!ended)
        {
            await host.StopAsync(TimeSpan.FromSeconds(4));
            AnsiConsole.MarkupLine("Interrupted. The same command goes on from here.");
            return Cli.Failed;
        }

        if (!await host.SettleAsync(Landing, stop)) throw new CommandException($"Not everything landed in ClickHouse within {Landing.TotalMinutes} minutes ({host.ClickHouse.State.LastError}); the same command goes on with what waits.");
        if (settings.EmbeddedClickHouse) await host.ClickHouse.SwitchAsync(stop);
        state.Finish();
        await host.StopAsync(TimeSpan.FromSeconds(10));
        await parts.DeleteTopicsAsync(Installation.Topics(topics));
        ReplaySummary.Print(replay, host, TimeProvider.System.GetElapsedTime(began), settings);
        return Cli.Done;
    }

    /// <summary>The progress bar; true at the end of the files, false when stopped or broken.</summary>
    private static async Task<bool> ShowAsync(CsvReplay replay, ReplaySource source, EmbeddedHost host, CancellationToken stop)
    {
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, stop);
        var columns = new ProgressColumn[] { new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn() };
        await AnsiConsole.Progress().Columns(columns).StartAsync(async context =>
        {
            var bar = context.AddTask("replay", maxValue: Math.Max(1, replay.Rows));
            while (!source.Finished.IsCompleted && !host.Ended.IsCompleted && !stopped.IsCompleted)
            {
                bar.Value = source.Done;
                bar.Description = $"{source.Done:N0} rows, data time {DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, source.Clock)):yyyy-MM-dd HH:mm}";
                await Task.WhenAny(source.Finished, host.Ended, stopped, Task.Delay(250, CancellationToken.None));
            }

            bar.Value = source.Done;
        });
        return source.Finished.IsCompleted;
    }
}
