using System.Text.Json.Nodes;
using Streaming.Contract.Messages;
using Streaming.Engine.Status;
using Streaming.Ops.Health;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Live;

/// <summary>Takes samples of the host: its figures at a moment, and what happened per second since the sample before. Used by one
/// thread.</summary>
public sealed class Sampler(IOpsHost host, OpsSettings settings, StageReader stages, ClickHousePulse pulse, TimeProvider time)
{
    private const int LatencySamples = 10;
    private const int LatestMessages = 10;
    private readonly Queue<IReadOnlyList<long>> latencies = new();
    private OpsStatus? before;
    private long beforeAt;
    private long taken;

    /// <summary>The next sample.</summary>
    public Sample Take()
    {
        var status = host.Report();
        stages.Refresh();
        pulse.Refresh(status.ClickHouse.Migrated);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var reasons = Readiness.Reasons(status, settings, now);
        var seconds = before is null ? 1 : Math.Max(0.001, (now - beforeAt) / 1000.0);
        var sample = new Sample(
            taken + 1, now, status.StartedAt, reasons.Count == 0, reasons,
            new Totals(status.Applied, status.Rejected, status.Duplicates, status.Wakes, status.Effects),
            new Rates(PerSecond(status.Applied, before?.Applied, seconds), PerSecond(status.Rejected, before?.Rejected, seconds)),
            Recent(status.Latency),
            new CommitState(status.Commit, status.CommitAt, status.CommitFailure, status.Held, status.Recovering),
            new MemoryState(status.Cached, status.Dirty), stages.Latest, status.Broker, status.ClickHouse, pulse.SilentSince, status.Parked,
                status.SpoolBytes,
            Messages(OutputTopic.ChurnAlerts), Messages(OutputTopic.Rewards));
        (before, beforeAt) = (status, now);
        taken++;
        return sample;
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
        var old = latencies.Count > LatencySamples ? latencies.Dequeue() : latencies.Peek();
        if (latencies.Count == 1) return null;
        var recent = counts.Select((count, i) => count - (i < old.Count ? old[i] : 0)).ToArray();
        return Array.TrueForAll(recent, count => count == 0)
            ? null
            : new Latency(LatencyHistogram.Quantile(recent, 0.5), LatencyHistogram.Quantile(recent, 0.9),
                LatencyHistogram.Quantile(recent, 0.99));
    }
}
