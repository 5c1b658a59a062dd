using Streaming.Engine.Status;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>How latencies are spread: quantiles in milliseconds, each up to 6 % below the true one (a bucket's lower edge).</summary>
/// <param name="Count">Of how many.</param>
public sealed record Spread(long Count, double P50, double P90, double P99, double P999, double P9999, double Max)
{
    /// <summary>The usual quantiles, or null when nothing was counted.</summary>
    public static Spread? Of(LatencyHistogram? of) => of is null || of.Count == 0 ? null
        : new Spread(of.Count, At(of, 0.5), At(of, 0.9), At(of, 0.99), At(of, 0.999), At(of, 0.9999), At(of, 1));

    private static double At(LatencyHistogram of, double share) => of.Quantile(share) * 1000;
}
