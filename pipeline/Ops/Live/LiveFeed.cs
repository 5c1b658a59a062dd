using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Ops.Health;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Live;

/// <summary>Takes a sample of the host once a second, keeps the last ten minutes and lets a
/// bounded number of followers wait for the next. Thread-safe.</summary>
public sealed class LiveFeed : BackgroundService
{
    private const int Kept = 600;
    private const int LatencySeconds = 10;
    private const int LatestMessages = 10;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly IOpsHost host;
    private readonly OpsSettings settings;
    private readonly StageReader stages;
    private readonly ClickHousePulse pulse;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly CancellationToken stopping;
    private readonly Lock gate = new();
    private readonly Queue<HistoryPoint> history = new();
    private readonly Queue<IReadOnlyList<long>> latencies = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OpsStatus? before;
    private long beforeAt;
    private int followers;

    /// <summary>A feed of one host.</summary>
    public LiveFeed(IOpsHost host, OpsSettings settings, StageReader stages, ClickHousePulse pulse, TimeProvider time,
        IHostApplicationLifetime life, ILoggerFactory logs)
    {
        this.host = host;
        this.settings = settings;
        this.stages = stages;
        this.pulse = pulse;
        this.time = time;
        log = logs.CreateLogger("Streaming.Ops");
        stopping = life.ApplicationStopping;
    }

    /// <summary>The newest sample, or null before the first.</summary>
    public Sample? Latest { get; private set; }

    /// <summary>True once no more samples come.</summary>
    public bool Stopped => stopping.IsCancellationRequested;

    /// <summary>A follower's place, given back when disposed; null when all are taken.</summary>
    public IDisposable? Follow()
    {
        if (Interlocked.Increment(ref followers) <= settings.MostFollowers) return new Place(this);
        Interlocked.Decrement(ref followers);
        return null;
    }

    /// <summary>The kept points after a sample, oldest first; all of them for an id of another run.</summary>
    public IReadOnlyList<HistoryPoint> After(long id)
    {
        lock (gate) return [.. history.Where(point => point.Id > id || id > (Latest?.Id ?? 0))];
    }

    /// <summary>The first sample after <paramref name="id"/> that this follower is there for, or null when none came in time.</summary>
    /// <exception cref="OperationCanceledException">The follower left or the feed has stopped.</exception>
    public async Task<Sample?> NextAsync(long id, TimeSpan most, CancellationToken stop)
    {
        Task wait;
        lock (gate)
        {
            if (Latest is { } latest && latest.Id != id) return latest;
            wait = next.Task;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, stopping);
        try
        {
            await wait.WaitAsync(most, time, either.Token);
            return Latest;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                TakeOrSay();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // asked to stop: also by a server that could not listen, which is no failure of this feed
        }
    }

    private void TakeOrSay()
    {
        try
        {
            Take();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.FiguresFailed(e);
        }
    }

    private void Take()
    {
        var status = host.Report();
        stages.Refresh();
        pulse.Refresh(status.ClickHouse.Migrated);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var reasons = Readiness.Reasons(status, settings, now);
        var seconds = before is null ? 1 : Math.Max(0.001, (now - beforeAt) / 1000.0);
        var sample = new Sample(
            (Latest?.Id ?? 0) + 1, now, status.StartedAt, reasons.Count == 0, reasons,
            new Totals(status.Applied, status.Rejected, status.Duplicates, status.Wakes, status.Effects),
            new Rates(PerSecond(status.Applied, before?.Applied, seconds), PerSecond(status.Rejected, before?.Rejected, seconds)),
            Recent(status.Latency),
            new CommitState(status.Commit, status.CommitAt, status.CommitFailure, status.Held, status.Recovering),
            new MemoryState(status.Cached, status.Dirty), stages.Latest, status.Broker, status.ClickHouse, pulse.SilentSince, status.Parked,
                status.SpoolBytes,
            Messages(OutputTopic.ChurnAlerts), Messages(OutputTopic.Rewards));
        (before, beforeAt) = (status, now);
        Publish(sample);
    }

    private void Publish(Sample sample)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            Latest = sample;
            history.Enqueue(HistoryPoint.Of(sample));
            if (history.Count > Kept) history.Dequeue();
            waiting = next;
            next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    private List<JsonNode> Messages(OutputTopic topic) => [.. host.Latest(topic, LatestMessages).Select(bytes => JsonNode.Parse(bytes)!)];

    private static Dictionary<string, double> PerSecond(IReadOnlyDictionary<string, long> now, IReadOnlyDictionary<string, long>? before,
        double seconds) =>
        now.ToDictionary(pair => pair.Key, pair => before is null ? 0
            : Math.Round((pair.Value - before.GetValueOrDefault(pair.Key)) / seconds, 2));

    // The histogram counts since the start; what was counted ten samples ago is taken off.
    private Latency? Recent(IReadOnlyList<long> counts)
    {
        latencies.Enqueue(counts);
        var old = latencies.Count > LatencySeconds ? latencies.Dequeue() : latencies.Peek();
        if (latencies.Count == 1) return null;
        var recent = counts.Select((count, i) => count - (i < old.Count ? old[i] : 0)).ToArray();
        return Array.TrueForAll(recent, count => count == 0)
            ? null
            : new Latency(LatencyHistogram.Quantile(recent, 0.5), LatencyHistogram.Quantile(recent, 0.9),
                LatencyHistogram.Quantile(recent, 0.99));
    }

    private sealed class Place(LiveFeed feed) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref feed.followers);
    }
}
