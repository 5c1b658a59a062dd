using Streaming.Pipeline.Hosting;

namespace Streaming.Load;

/// <summary>What a run found; the JSON report is this record. Times in seconds.</summary>
internal sealed record LoadResult(
    string Workload, DateTimeOffset Began, bool Exact, IReadOnlyList<string> Differences, long Events, long Duplicates, long Malformed, long Purchases, long Unrewarded,
    long RewardedTwice, long RewardsRepeated, double SendingSeconds, double LandedSeconds, IReadOnlyDictionary<string, double> Latency,
    IReadOnlyDictionary<string, double> GeneratorLateness, IReadOnlyList<Point> Seconds)
{
    private static readonly (string Name, double Share)[] Shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("p99.99", 0.9999), ("max", 1)];

    /// <summary>The usual percentiles.</summary>
    public static IReadOnlyDictionary<string, double> Percentiles(LatencyHistogram of) => Shares.ToDictionary(s => s.Name, s => of.Quantile(s.Share));
}
