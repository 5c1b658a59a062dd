using Confluent.Kafka;
using Spectre.Console;
using Streaming.App.Hosting;
using Streaming.App.Installing;
using Streaming.Common.CommandLine;
using Streaming.Common.Logs;
using Streaming.Contract.Records;
using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Replay.Feeding;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;
using Streaming.Stores;

namespace Streaming.App.Replaying;

/// <summary>One replay from files into a data directory of its own: own topics, own state,
/// own generation in ClickHouse, the data's own clock.</summary>
internal static class ReplayRun
{
    private static readonly TimeSpan Landing = TimeSpan.FromMinutes(10);

    /// <summary>Runs to the end of the files.</summary>
    /// <param name="speed">Data seconds per second; 0 = as fast as it goes.</param>
    /// <param name="outside">Whether alerts, rewards, care actions and changes are sent
    /// (to the run's own topics) and written to files.</param>
    public static async Task<int> RunAsync(UpSettings settings, IReadOnlyList<ReplayFile> files, double speed, bool outside,
        CancellationToken stop)
    {
        using var logs = LoggerFactory.Create(b => b.AddLines().SetMinimumLevel(LogLevel.Warning));
        using var untouched = new DirectoryRestorer(settings.Data);
        using var directory = DataDirectory.Open(settings.Data);
        using var store = StoreOpening.Open(directory, settings);
        var state = new RunState(store.Facts);
        state.RequireReplay();
        var replay = await LookThroughAsync(files, directory, stop);
        ReplayNotices.Print(files, replay);
        state.BeginReplay(replay.Fingerprint);
        untouched.Keep();
        if (store.Head.Commit > 0) AnsiConsole.MarkupLine("Continuing an interrupted replay: rows that were applied are skipped.");
        var hosted = store.Hosted(directory, settings);
        var topics = new InputTopics(state.Prefix);
        using var rejected = RejectedRows.Create(directory.File("rejected-rows.jsonl"));
        using var effects = outside ? new EffectFiles(directory.File("effects")) : null;
        await using var parts = new EmbeddedParts(settings, Installation.Topics(topics), logs);
        await parts.StartAsync(stop);
        var hosting = parts.Hosting;
        hosting.Shards.WakesPerSegment = int.MaxValue;
        ReplaySource? source = null;
        await using var host = new EmbeddedHost(
            hosting, hosted, new HostMode(state.Prefix, outside, Current: false),
            made => source = new ReplaySource(
                new ReplayTopics(hosting.Kafka, topics, parts.Identity, logs.CreateLogger("Streaming.Replay")), made,
                replay.Read(rejected, hosted.Rules.Current.Input.EarliestAt), files.Max(f => f.Mapping.Disorder),
                new ReplayPace(speed, TimeProvider.System)),
            logs);
        if (effects is not null) host.Messages.Sending += effects.Add;
        var began = TimeProvider.System.GetTimestamp();
        host.Start();
        var ended = await ShowAsync(replay, source!, host, stop);
        if (host.Ended.IsCompleted)
            throw (await host.Ended)! is ReplayFileException unreadable ? unreadable : new CommandException((await host.Ended)!.Message);
        if (!ended)
        {
            await host.StopAsync(TimeSpan.FromSeconds(4));
            AnsiConsole.MarkupLine("Interrupted. The same command goes on from here.");
            return ExitCodes.Failed;
        }

        if (!await host.SettleAsync(Landing, stop))
        {
            throw new CommandException($"Not everything landed in ClickHouse within {Landing.TotalMinutes} minutes " +
                $"({host.ClickHouse.Refused ?? host.ClickHouse.State.LastError}); the same command goes on with what waits.");
        }

        if (settings.EmbeddedClickHouse) await host.ClickHouse.SwitchAsync(stop);
        state.Finish();
        await host.StopAsync(TimeSpan.FromSeconds(10));
        var took = TimeProvider.System.GetElapsedTime(began);
        await ReplaySummary.PrintAsync(replay, host, took, settings, rejected, effects, stop);
        await parts.DeleteTopicsAsync(outside ? [.. topics.Names] : Installation.Topics(topics));
        return ExitCodes.Done;
    }

    /// <summary>Reads every file once, with a progress bar.</summary>
    private static async Task<FileReplay> LookThroughAsync(IReadOnlyList<ReplayFile> files, DataDirectory directory, CancellationToken stop)
    {
        FileReplay? replay = null;
        await Bars().StartAsync(async context =>
        {
            var bar = context.AddTask("looking through the files", maxValue: 1);
            var progress = new ImmediateProgress(share =>
            {
                stop.ThrowIfCancellationRequested();
                bar.Value = share;
            });
            replay = await Task.Run(() => FileReplay.Open(files, directory.File("spill"), progress), CancellationToken.None);
        });
        return replay!;
    }

    /// <summary>The progress bar; true at the end of the files, false when stopped or broken.</summary>
    private static async Task<bool> ShowAsync(FileReplay replay, ReplaySource source, EmbeddedHost host, CancellationToken stop)
    {
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, stop);
        await Bars().StartAsync(async context =>
        {
            var bar = context.AddTask("replay", maxValue: Math.Max(1, replay.Rows));
            while (!source.Finished.IsCompleted && !host.Ended.IsCompleted && !stopped.IsCompleted)
            {
                Show(bar);
                await Task.WhenAny(source.Finished, host.Ended, stopped, Task.Delay(250, CancellationToken.None));
            }

            Show(bar);
        });
        return source.Finished.IsCompleted;

        void Show(ProgressTask bar)
        {
            bar.Value = replay.RowsRead;
            var clock = source.Clock > 0 ? $"data time {DateTimeOffset.FromUnixTimeMilliseconds(source.Clock):yyyy-MM-dd HH:mm}"
                : "starting";
            bar.Description = $"{source.Done:N0} rows, {clock}";
        }
    }

    private static Spectre.Console.Progress Bars() =>
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
            new RemainingTimeColumn());

    // Progress<T> would report later, on another thread.
    private sealed class ImmediateProgress(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
