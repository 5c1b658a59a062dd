using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streaming.Ops.Live;

/// <summary>Takes a sample of the host once a second, keeps the last ten minutes and lets a
/// bounded number of followers wait for the next. Thread-safe.</summary>
public sealed class LiveFeed : BackgroundService
{
    private const int Kept = 600;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Sampler sampler;
    private readonly OpsSettings settings;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly CancellationToken stopping;
    private readonly Lock gate = new();
    private readonly Queue<HistoryPoint> history = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int followers;

    /// <summary>A feed of one host.</summary>
    public LiveFeed(Sampler sampler, OpsSettings settings, TimeProvider time, IHostApplicationLifetime life, ILoggerFactory logs)
    {
        this.sampler = sampler;
        this.settings = settings;
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

    /// <summary>The newest sample if it is after <paramref name="id"/>, else the next one; null when none came in time.</summary>
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
                SampleOrSay();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // asked to stop, also when the server could not listen; that is no error of this feed
        }
    }

    private void SampleOrSay()
    {
        try
        {
            Publish(sampler.Take());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.FiguresFailed(e);
        }
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

    private sealed class Place(LiveFeed feed) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref feed.followers);
    }
}
