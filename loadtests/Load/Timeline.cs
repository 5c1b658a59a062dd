using System.Diagnostics;
using Streaming.Pipeline.Hosting;

namespace Streaming.Load;

/// <summary>What happened in each second of the run, by the time events were meant to be sent. Thread-safe.</summary>
internal sealed class Timeline
{
    private readonly Lock gate = new();
    private readonly List<Second> seconds = [];
    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>From the intended sending of a purchase to its reward's arrival here, over the whole run.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>By how much sending lagged behind its schedule: what the generator itself adds to every latency.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>Seconds since the run began.</summary>
    public double Now => Stopwatch.GetElapsedTime(began).TotalSeconds;

    /// <summary>A record was handed to the client.</summary>
    /// <param name="intended">When it was due.</param>
    /// <param name="isEvent">False for a repeat and for a malformed record, which ClickHouse counts elsewhere.</param>
    public void Sent(double intended, bool isEvent)
    {
        lock (gate)
        {
            Lateness.Add((long)((Now - intended) * 1e6));
            var second = At(Now);
            second.Sent++;
            if (isEvent) second.Events++;
        }
    }

    /// <summary>The reward of a purchase arrived.</summary>
    public void Rewarded(double intended)
    {
        lock (gate)
        {
            var micros = (long)((Now - intended) * 1e6);
            Latency.Add(micros);
            At(intended).Latency.Add(micros);
        }
    }

    /// <summary>ClickHouse shows so many events of the run.</summary>
    public void Visible(long events)
    {
        lock (gate) At(Now).Visible = events;
    }

    /// <summary>The seconds so far.</summary>
    public IReadOnlyList<Point> Points()
    {
        lock (gate)
        {
            var visible = 0L;
            return [.. seconds.Select((s, i) => new Point(i, s.Sent, s.Events, visible = Math.Max(visible, s.Visible), s.Latency.Quantile(0.5), s.Latency.Quantile(0.99), s.Latency.Quantile(1)))];
        }
    }

    private Second At(double time)
    {
        while (seconds.Count <= (int)time) seconds.Add(new Second());
        return seconds[(int)time];
    }

    private sealed class Second
    {
        public long Sent, Events, Visible;
        public readonly LatencyHistogram Latency = new();
    }
}

/// <summary>One second.</summary>
/// <param name="Second">Which, from 0.</param>
/// <param name="Sent">Records sent in it, repeats and malformed ones included.</param>
/// <param name="Events">Of them, events sent for the first time.</param>
/// <param name="Visible">Events of the run visible in ClickHouse by then.</param>
/// <param name="P50">Median latency of the purchases meant for it, seconds; 0 where none was rewarded.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">The longest.</param>
internal sealed record Point(int Second, long Sent, long Events, long Visible, double P50, double P99, double Max);
