using System.Globalization;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>One run: sends, follows, waits until all has landed or patience ends.</summary>
internal static class LoadRun
{
    private const double SettleSeconds = 2;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a workload against an installation.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="patience">How long after the last event everything may take to land.</param>
    public static async Task<RunOutcome> RunAsync(string name, Workload workload, Endpoints where, TimeSpan patience,
        CancellationToken stop)
    {
        var kafka = await ExistingKafka.ReachAsync(where.Kafka, stop);
        using var ops = new OpsReader(where.Ops, ThreadMeter.Of(where.Data));
        await ops.CheckAsync(stop);
        var began = DateTimeOffset.UtcNow;
        var run = began.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture) + "-";
        using var aggregates = await Aggregates.OpenAsync(where.Aggregates(), stop);
        var (expected, timeline, readings) = (new Expected(), new Timeline(), new List<Reading>());
        var follower = new OutputFollower(kafka, where.TopicPrefix, expected, timeline);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var following = Task.Factory.StartNew(() => follower.Run(ended.Token), stop, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await Task.WhenAny(follower.Ready, following); // a run that is interrupted before it begins to follow is never ready
        if (following.IsCompleted) await following;
        await follower.Ready;
        using var sender = new Sender(kafka, where.TopicPrefix, workload, run, expected, timeline);
        var asking = AskAsync(ops, timeline, readings, ended.Token);
        var sending = Task.Factory.StartNew(() => Send(sender, workload, timeline, ended.Token), ended.Token,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // However it ends, the clients are disposed only when no thread uses them, because librdkafka frees memory that such a thread would
        // still read.
        await using var quiet = new BackgroundTasks(ended, following, asking, sending);
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(Poll, stop));
            await ShowAsync(aggregates, timeline, stop);
        }

        var from = await sending;
        var sent = timeline.Now;
        var differences = Aggregates.Differences(expected, await aggregates.SinceAsync(stop));
        // what waits for an instant of the calendar waits for that first
        var until = expected.Awaited.IsEmpty ? sent : Math.Max(sent, expected.Awaited.Values.Max(a => a.Due));
        while ((differences.Count > 0 || !expected.Awaited.IsEmpty || timeline.Now < sent + SettleSeconds) && timeline.Now < until +
            patience.TotalSeconds)
        {
            await Task.Delay(Poll, stop);
            differences = Aggregates.Differences(expected, await ShowAsync(aggregates, timeline, stop));
        }

        var landed = timeline.Now;
        await ended.CancelAsync();
        await Task.WhenAll(following, asking);
        if (!Console.IsOutputRedirected) Console.WriteLine();
        var lag = readings.LastOrDefault(r => r.At <= sent + SettleSeconds) is { Lag: >= 0 } last ? last.Lag : (long?)null;
        var result = new LoadResult(
            name, began, Machine.Describe(), differences, expected.Events, expected.Duplicates, expected.Malformed, expected.Messages,
            expected.Awaited.Count, follower.Twice, follower.Repeated,
            sent - from, landed - from, lag, Of(Way.Reward), Of(Way.Alert), Of(Way.Storm), Of(Way.Visible), Spread.Of(timeline.Lateness),
            timeline.Points(),
            workload.WarmUpSeconds, workload.WarmUpSeconds > 0 ? new Latencies(Warm(Way.Reward), Warm(Way.Alert), Warm(Way.Storm),
                Warm(Way.Visible), Spread.Of(timeline.WarmLateness)) : null);
        return new RunOutcome(result, readings, from, sent, sender.Refused);

        Spread? Of(Way way) => Spread.Of(timeline.Latency(way));

        Spread? Warm(Way way) => Spread.Of(timeline.WarmLatency(way));
    }

    /// <summary>Ends what runs beside a run and waits for it. What went wrong in it is told by whoever awaits it in the run.</summary>
    private sealed class BackgroundTasks(CancellationTokenSource ended, params Task[] beside) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await ended.CancelAsync();
            await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static double Send(Sender sender, Workload workload, Timeline timeline, CancellationToken stop)
    {
        if (workload.Storm is { } storm)
        {
            var instant = storm.InstantAfter(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            Console.WriteLine($"{storm.Members:N0} members are made ready for {DateTimeOffset.FromUnixTimeMilliseconds(instant):HH:mm} " +
                $"UTC ({storm.Kind})");
            sender.Prepare(storm, instant, stop);
            // the instant falls into the middle of the phases
            var begin = DateTimeOffset.FromUnixTimeMilliseconds(instant).AddSeconds(-workload.Phases.Sum(p => p.Seconds) / 2);
            if (begin - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero && stop.WaitHandle.WaitOne(wait))
            {
                throw new OperationCanceledException(stop);
            }
        }

        var from = timeline.Now;
        if (workload.WarmUpSeconds > 0) timeline.WarmFrom = from + workload.WarmUpSeconds;
        sender.Run(stop);
        return from;
    }

    private static async Task AskAsync(OpsReader ops, Timeline timeline, List<Reading> readings, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (await ops.ReadAsync(timeline.Now, stop) is { } reading)
                {
                    readings.Add(reading);
                    timeline.Lag(reading.Lag);
                }

                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }
        }
        catch (OperationCanceledException)
        {
            return; // the run has ended
        }
    }

    private static async Task<Dictionary<string, long>> ShowAsync(Aggregates aggregates, Timeline timeline, CancellationToken stop)
    {
        var found = await aggregates.SinceAsync(stop);
        timeline.Visible(found.Where(f => f.Key.StartsWith("event:", StringComparison.Ordinal) && f.Key != "event:appreciated")
            .Sum(f => f.Value));
        if (Console.IsOutputRedirected) return found;
        var points = timeline.Points();
        var last = points.Count > 1 ? points[^2] : points[^1];
        Console.Write(string.Create(CultureInfo.InvariantCulture,
            $"\r{timeline.Now,6:0} s  {points.Sum(p => p.Sent),12:N0} sent  {last.Sent,9:N0}/s  lag {Lag(last),9}  " +
                $"{points[^1].Visible,12:N0} in ClickHouse  reward p50 {last.Reward?.P50 ?? 0,6:N0} ms  p99 " +
                $"{last.Reward?.P99 ?? 0,6:N0} ms "));
        return found;
    }

    // An unknown lag is not shown as 0.
    private static string Lag(Point point) => point.Lag < 0 ? "unknown" : point.Lag.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A run's result and what it was seen by.</summary>
/// <param name="From">When the workload's first event was due, seconds of the run.</param>
/// <param name="Sent">When the last was sent.</param>
/// <param name="Refused">Seconds that the sender waited since the broker took less than it sent.</param>
internal sealed record RunOutcome(LoadResult Result, IReadOnlyList<Reading> Readings, double From, double Sent, double Refused);
