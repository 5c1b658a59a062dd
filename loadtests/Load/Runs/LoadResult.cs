
using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>What a run found; the JSON report is this record.</summary>
/// <param name="Workload">Name of the workload's file.</param>
/// <param name="Began">When.</param>
/// <param name="Machine">Processors and load average; a load above the number of processors means that other programs took part.</param>
/// <param name="Differences">What ClickHouse holds other than was sent; empty when exact.</param>
/// <param name="Missing">Messages that never came.</param>
/// <param name="Twice">Effects that came under two ids.</param>
/// <param name="Repeated">Messages that came again under their id.</param>
/// <param name="SendingSeconds">From the first event to the last.</param>
/// <param name="LandedSeconds">From the first event until all had been looked at.</param>
/// <param name="LagAtEnd">Records unread two seconds after the last was sent; null when the installation did not say.</param>
/// <param name="WarmUpSeconds">How much of the beginning <paramref name="Warm"/>
/// leaves out; every other figure is of the whole run.</param>
/// <param name="Warm">Latencies of what was due after the warm-up; null when the workload has none.</param>
public sealed record LoadResult(
    string Workload, DateTimeOffset Began, string Machine, IReadOnlyList<string> Differences, long Events, long Duplicates, long Malformed,
    long Messages, long Missing,
    long Twice, long Repeated, double SendingSeconds, double LandedSeconds, long? LagAtEnd, Spread? Reward, Spread? Alert, Spread? Storm,
    Spread? Shown, Spread? Generator, IReadOnlyList<Point> Seconds,
    double WarmUpSeconds = 0, Latencies? Warm = null)
{
    /// <summary>Everything that was sent landed, once.</summary>
    public bool Exact => Differences.Count == 0 && Missing == 0 && Twice == 0;

    /// <summary>As service levels are judged by.</summary>
    /// <param name="afterWarmUp">True: by the latencies after the warm-up, if the workload has one.</param>
    public Findings Findings(bool afterWarmUp)
    {
        var latencies = afterWarmUp && Warm is not null ? Warm : new Latencies(Reward, Alert, Storm, Shown, Generator);
        return new()
        {
            RewardP99Ms = latencies.Reward?.P99,
            AlertP99Ms = latencies.Alert?.P99,
            StormP99Ms = latencies.Storm?.P99,
            VisibleP99Ms = latencies.Shown?.P99,
            GeneratorP99Ms = latencies.Generator?.P99,
            Exact = Exact,
            LagAtEnd = LagAtEnd,
            ErrorShare = Messages == 0 ? 0 : Missing / (double)Messages,
        };
    }
}

/// <summary>How each way's latencies are spread; null where there were none.</summary>
/// <param name="Reward">Purchase to reward.</param>
/// <param name="Alert">Complaint to alert.</param>
/// <param name="Storm">Instant of the calendar to message.</param>
/// <param name="Shown">Event to ClickHouse.</param>
/// <param name="Generator">By how much the generator was late.</param>
public sealed record Latencies(Spread? Reward, Spread? Alert, Spread? Storm, Spread? Shown, Spread? Generator);
