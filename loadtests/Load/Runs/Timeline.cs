using System.Diagnostics;
using Streaming.Engine.Status;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>What happened in each second of the run; latencies stand in the second that their event was due in. Thread-safe.</summary>
public sealed class Timeline
{
    private readonly Lock gate = new();
    private readonly List<Cell> cells = [];
    private readonly LatencyHistogram[] whole = Histograms(), warm = Histograms();
    private readonly Queue<double> unseen = new(); // when events that ClickHouse does not show yet were due, oldest first
    private readonly long began = Stopwatch.GetTimestamp();
    private long visible;

    /// <summary>By how much sending lagged behind its schedule: what the generator itself adds to every latency.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>The same of what was due after the warm-up.</summary>
    public LatencyHistogram WarmLateness { get; } = new();

    /// <summary>When the warm-up ends, seconds of the run; without one nothing counts
    /// as warm. Set before the first event is sent.</summary>
    public double WarmFrom { get; set; } = double.PositiveInfinity;

    /// <summary>Seconds since the run began.</summary>
    public double Now => Stopwatch.GetElapsedTime(began).TotalSeconds;

    /// <summary>One way's latency over the whole run.</summary>
    public LatencyHistogram Latency(Way way) => whole[(int)way];

    /// <summary>One way's latency of what was due after the warm-up.</summary>
    public LatencyHistogram WarmLatency(Way way) => warm[(int)way];

    /// <summary>A record was handed to the client.</summary>
    /// <param name="intended">When it was due.</param>
    /// <param name="isEvent">False for a repeat and for a malformed record, which ClickHouse counts elsewhere.</param>
    /// <param name="timed">False for what is sent as fast as it goes to make a workload ready: it is counted, and has no latency.</param>
    public void Sent(double intended, bool isEvent, bool timed = true)
    {
        lock (gate)
        {
            if (timed)
            {
                var late = (long)((Now - intended) * 1e6);
                Lateness.Add(late);
                if (intended >= WarmFrom) WarmLateness.Add(late);
            }

            var cell = At(Now);
            cell.Sent++;
            if (!isEvent) return;
            cell.Events++;
            unseen.Enqueue(timed ? intended : double.NaN);
        }
    }

    /// <summary>A message came that was awaited since <paramref name="due"/>.</summary>
    public void Came(Way way, double due)
    {
        lock (gate) Add(way, due, Now);
    }

    /// <summary>Notes how many events of the run ClickHouse shows; they are taken to be the first ones sent.</summary>
    public void Visible(long events)
    {
        lock (gate)
        {
            var now = Now;
            for (; visible < events && unseen.TryDequeue(out var due); visible++)
            {
                if (!double.IsNaN(due)) Add(Way.Visible, due, now);
            }

            At(now).Visible = events;
        }
    }

    /// <summary>Waits until ClickHouse shows so many events; false when it does not within a time.</summary>
    public bool Shown(long events, TimeSpan most, CancellationToken stop)
    {
        for (var until = Now + most.TotalSeconds; Now < until; stop.WaitHandle.WaitOne(100))
        {
            stop.ThrowIfCancellationRequested();
            lock (gate)
            {
                if (visible >= events) return true;
            }
        }

        return false;
    }

    /// <summary>What the installation said of itself.</summary>
    public void Lag(long records)
    {
        lock (gate) At(Now).Lag = records;
    }

    /// <summary>The seconds so far.</summary>
    public IReadOnlyList<Point> Points()
    {
        lock (gate)
        {
            var (shown, lag) = (0L, -1L);
            return [.. cells.Select((c, i) => new Point(
                i, c.Sent, c.Events, shown = Math.Max(shown, c.Visible), lag = c.Lag ?? lag, Spread.Of(c.Latency[(int)Way.Reward]),
                    Spread.Of(c.Latency[(int)Way.Alert]), Spread.Of(c.Latency[(int)Way.Visible])))];
        }
    }

    private static LatencyHistogram[] Histograms() => [.. Enum.GetValues<Way>().Select(_ => new LatencyHistogram())];

    private void Add(Way way, double due, double now)
    {
        var micros = (long)((now - due) * 1e6);
        whole[(int)way].Add(micros);
        if (due >= WarmFrom) warm[(int)way].Add(micros);
        (At(Math.Max(0, due)).Latency[(int)way] ??= new LatencyHistogram()).Add(micros);
    }

    private Cell At(double time)
    {
        while (cells.Count <= (int)time) cells.Add(new Cell());
        return cells[(int)time];
    }

    private sealed class Cell
    {
        public long Sent, Events, Visible;
        public long? Lag;
        public readonly LatencyHistogram?[] Latency = new LatencyHistogram?[4];
    }
}

/// <summary>One second.</summary>
/// <param name="Second">Which, from 0.</param>
/// <param name="Sent">Records sent in it, repeats and malformed ones included.</param>
/// <param name="Events">Of them, events sent for the first time.</param>
/// <param name="Visible">Events of the run visible in ClickHouse by then.</param>
/// <param name="Lag">Records that the pipeline had not read; −1 while unknown.</param>
/// <param name="Reward">Latency of the purchases due in it; null where none was rewarded.</param>
/// <param name="Alert">Latency of the complaints due in it.</param>
/// <param name="Shown">Latency from the events due in it to their being visible in ClickHouse.</param>
public sealed record Point(int Second, long Sent, long Events, long Visible, long Lag, Spread? Reward, Spread? Alert, Spread? Shown);
