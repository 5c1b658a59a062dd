using System.Text.Json.Nodes;
using Streaming.Engine.Status;
using Streaming.Ops.Health;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Live;

/// <summary>Every figure of one second: what <c>/v1/status</c> answers and <c>/v1/live</c>
/// sends. Times are epoch milliseconds, durations seconds.</summary>
/// <param name="Id">Number of the sample since the start.</param>
/// <param name="At">When it was taken.</param>
/// <param name="StartedAt">When the host was started.</param>
/// <param name="Ready">Whether the host does its work.</param>
/// <param name="Reasons">Why not.</param>
/// <param name="Totals">Counts since the start.</param>
/// <param name="Rates">What happened per second since the sample before.</param>
/// <param name="Latency">From a record's timestamp to its durable commit, over the last ten seconds; null when there was none.</param>
/// <param name="Commit">Commits.</param>
/// <param name="Memory">Members in memory.</param>
/// <param name="Stages">Members by stage, from ClickHouse's last answer; null before the first.</param>
/// <param name="Broker">The broker.</param>
/// <param name="ClickHouse">ClickHouse.</param>
/// <param name="ClickHouseSilentSince">Since when ClickHouse has not answered; 0 while it answers. A hanging server is noticed within
/// seconds.</param>
/// <param name="Parked">What was refused for good.</param>
/// <param name="SpoolBytes">Bytes waiting on disk.</param>
/// <param name="Alerts">The latest messages of topic <c>churn-alerts</c>, newest first.</param>
/// <param name="Rewards">The latest messages of topic <c>rewards</c>, newest first.</param>
public sealed record Sample(
    long Id,
    long At,
    long StartedAt,
    bool Ready,
    IReadOnlyList<NotReady> Reasons,
    Totals Totals,
    Rates Rates,
    Latency? Latency,
    CommitState Commit,
    MemoryState Memory,
    StageCounts? Stages,
    BrokerStatus Broker,
    ClickHouseStatus ClickHouse,
    long ClickHouseSilentSince,
    long Parked,
    long SpoolBytes,
    IReadOnlyList<JsonNode> Alerts,
    IReadOnlyList<JsonNode> Rewards);

/// <summary>Counts since the start.</summary>
public sealed record Totals(
    IReadOnlyDictionary<string, long> Events, IReadOnlyDictionary<string, long> Rejected, long Duplicates, long Wakes, long Effects);

/// <summary>Per second.</summary>
public sealed record Rates(IReadOnlyDictionary<string, double> Events, IReadOnlyDictionary<string, double> Rejected);

/// <summary>Quantiles, in seconds.</summary>
public sealed record Latency(double P50, double P90, double P99);

/// <summary>The newest commit, and what holds the next one up.</summary>
public sealed record CommitState(long Number, long At, string? Failure, string? Held, bool Recovering);

/// <summary>Members in memory, and those whose snapshot is not yet written.</summary>
public sealed record MemoryState(int Cached, int Dirty);

/// <summary>Members by lifecycle stage.</summary>
/// <param name="At">When ClickHouse said so, epoch milliseconds.</param>
/// <param name="Members">Members by stage.</param>
public sealed record StageCounts(long At, IReadOnlyDictionary<string, long> Members);

/// <summary>What the page's charts keep of a sample.</summary>
public sealed record HistoryPoint(long Id, long At, IReadOnlyDictionary<string, double> Events, double Rejected, double? P50, double? P99,
    long Lag)
{
    /// <summary>The point of one sample.</summary>
    public static HistoryPoint Of(Sample sample) => new(
        sample.Id, sample.At, sample.Rates.Events, sample.Rates.Rejected.Values.Sum(), sample.Latency?.P50, sample.Latency?.P99,
            sample.Broker.Lag);
}
