using System.Diagnostics.Metrics;
using System.Reflection;
using Streaming.Contract.Records;

namespace Streaming.Engine.Status;

/// <summary>Every instrument of one host, on a meter of its own (<see cref="MetricNames.Source"/>). Thread-safe.</summary>
/// <remarks>
/// Counters and gauges are read from the host's report when somebody collects, so they cost nothing meanwhile. Latencies are recorded once
/// for each batch, commit or block; of the records of one batch at most <see cref="MostOfABatch"/>, spread evenly over it, since a call for
/// each record would cost a measurable share of its turn. Nothing is recorded while nobody listens.
/// </remarks>
public sealed class PipelineMetrics : IDisposable
{
    /// <summary>Records of one batch whose latency is recorded.</summary>
    public const int MostOfABatch = 32;

    private const long ReportAgeMs = 100;

    /// <summary>Upper ends of the buckets of all latencies, in seconds: 1 ms to 60 s.</summary>
    private static readonly double[] Seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60];

    private static readonly string? Version =
        typeof(PipelineMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private static readonly Measurement<long>[] none = [];
    private static readonly Measurement<double>[] noAge = [];

    private readonly Lock gate = new();
    private readonly Histogram<double> read, apply, write, durable, acknowledge, landing;
    private Func<OpsStatus>? report;
    private Func<OpsStatus, bool> ready = _ => true;
    private OpsStatus? latest;
    private long latestAt;

    public PipelineMetrics()
    {
        Meter = new Meter(MetricNames.Source, Version);
        Family(MetricNames.EventsApplied, "{event}", "Events applied, by kind.", s => s.Applied, MetricNames.Kind);
        Family(MetricNames.RecordsRejected, "{record}", "Records that became dead letters, by reason.", s => s.Rejected,
            MetricNames.Reason);
        Family(MetricNames.FactWarnings, "{event}", "Events with invalid facts about the member; those facts were left out, the rest " +
            "was applied.", s => s.Warned, MetricNames.Warning);
        Counter(MetricNames.Duplicates, "{event}", "Events seen before, which changed nothing.", s => s.Duplicates);
        Counter(MetricNames.Wakes, "{wake}", "Members looked at because they were due.", s => s.Wakes);
        Counter(MetricNames.Effects, "{effect}", "Effects of any kind.", s => s.Effects);
        Counter(MetricNames.BrokerGone, "{record}", "Records that were gone before they were read.", s => s.Broker.Gone);
        Counter(MetricNames.BrokerDelivered, "{message}", "Messages acknowledged.", s => s.Broker.Delivered);
        Counter(MetricNames.RowsDelivered, "{row}", "Rows that landed in ClickHouse.", s => s.ClickHouse.Rows);
        Gauge(MetricNames.MembersInMemory, "{member}", "Members in memory.", s => s.Cached);
        Gauge(MetricNames.MembersAside, "{member}", "Members the program failed on when they were due or the rules changed.",
            s => s.Aside);
        Meter.CreateObservableGauge(MetricNames.CommitAge, () => Now() is { } now ? [new Measurement<double>(Age(now))] : noAge, "s",
            "Since the newest durable commit; 0 before the first.");
        Gauge(MetricNames.CommitsFailing, "{state}", "1 while no commit can be written.", s => s.CommitFailure is null ? 0 : 1);
        Gauge(MetricNames.IntakeHeld, "{state}", "1 while intake is held because too much waits.", s => s.Held is null ? 0 : 1);
        Gauge(MetricNames.Spool, "By", "Bytes that wait for Kafka, ClickHouse or snapshots.", s => s.SpoolBytes);
        Gauge(MetricNames.ParkedItems, "{item}", "Messages and blocks that were refused for good.", s => s.Parked);
        Gauge(MetricNames.BrokerLag, "{record}", "Records waiting to be read.", s => s.Broker.Lag < 0 ? null : s.Broker.Lag);
        Gauge(MetricNames.PartitionsBlocked, "{partition}", "Partitions that cannot be read on before an operator acts.",
            s => s.Broker.Blocked.Count);
        Gauge(MetricNames.BrokerUnsent, "{commit}", "Durable commits whose messages are not yet acknowledged.", s => s.Broker.Unsent);
        Gauge(MetricNames.BlocksWaiting, "{block}", "Blocks waiting for ClickHouse.", s => s.ClickHouse.Waiting);
        Gauge(MetricNames.Ready, "{state}", "1 while the host is ready.", s => ready(s) ? 1 : 0);
        read = Latency(MetricNames.RecordRead, "From a record's timestamp to its being read; at most 32 records of a batch.");
        apply = Latency(MetricNames.BatchApply, "From reading a batch to all of its records being decoded and applied.");
        write = Latency(MetricNames.CommitWrite, "Writing one commit.");
        durable = Latency(MetricNames.RecordDurable,
            "From a record's timestamp to its durable commit; at most 32 records of a batch.");
        acknowledge = Latency(MetricNames.MessagesAcknowledge,
            "From handing a commit's messages to the client until Kafka has acknowledged all of them.");
        landing = Latency(MetricNames.BlockLanding, "From forming a block to its landing in ClickHouse.");
    }

    /// <summary>The meter: what a listener takes to tell this host from others in its process.</summary>
    public Meter Meter { get; }

    /// <summary>Counters and gauges show this host from here on; before, they show nothing.</summary>
    /// <param name="of">How the host is at the moment; asked at most ten times a second.</param>
    /// <param name="isReady">Whether a host like this is ready.</param>
    public void Observe(Func<OpsStatus> of, Func<OpsStatus, bool> isReady)
    {
        lock (gate) (report, ready, latest) = (of, isReady, null);
    }

    /// <summary>Records of a batch were read at this moment, epoch milliseconds.</summary>
    public void RecordsRead(ReadOnlySpan<InputRecord> records, long at) => Spread(read, records, at);

    /// <inheritdoc cref="RecordsRead(ReadOnlySpan{InputRecord}, long)"/>
    public void RecordsRead(IReadOnlyList<long> timestamps, long at) => Spread(read, timestamps, at);

    /// <summary>All records of a batch are applied, so long after they were read.</summary>
    public void Applied(TimeSpan took) => apply.Record(took.TotalSeconds);

    /// <summary>A commit was written.</summary>
    public void Written(TimeSpan took) => write.Record(took.TotalSeconds);

    /// <summary>Records of a batch are durable since this moment, epoch milliseconds.</summary>
    public void Durable(ReadOnlySpan<InputRecord> records, long at) => Spread(durable, records, at);

    /// <inheritdoc cref="Durable(ReadOnlySpan{InputRecord}, long)"/>
    public void Durable(IReadOnlyList<long> timestamps, long at) => Spread(durable, timestamps, at);

    /// <summary>All messages of a commit are acknowledged, so long after they were handed over.</summary>
    public void Acknowledged(TimeSpan took) => acknowledge.Record(took.TotalSeconds);

    /// <summary>A block landed, so long after it was formed.</summary>
    public void Landed(TimeSpan took) => landing.Record(took.TotalSeconds);

    /// <summary>Ends the instruments; nobody hears of them any more.</summary>
    public void Dispose() => Meter.Dispose();

    private static void Spread(Histogram<double> to, ReadOnlySpan<InputRecord> records, long at)
    {
        if (!to.Enabled) return;
        for (var i = 0; i < records.Length; i += Step(records.Length)) to.Record(Since(records[i].Timestamp, at));
    }

    private static void Spread(Histogram<double> to, IReadOnlyList<long> timestamps, long at)
    {
        if (!to.Enabled) return;
        for (var i = 0; i < timestamps.Count; i += Step(timestamps.Count)) to.Record(Since(timestamps[i], at));
    }

    private static int Step(int count) => (count + MostOfABatch - 1) / MostOfABatch;

    // A producer's clock may run ahead.
    private static double Since(long timestamp, long at) => Math.Max(0, at - timestamp) / 1000.0;

    private Histogram<double> Latency(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private void Counter(string name, string unit, string description, Func<OpsStatus, long> value) =>
        Meter.CreateObservableCounter(name, () => Now() is { } now ? [new Measurement<long>(value(now))] : none, unit, description);

    private void Family(string name, string unit, string description, Func<OpsStatus, IReadOnlyDictionary<string, long>> values,
        string label) =>
        Meter.CreateObservableCounter(name, () => Now() is { } now
            ? values(now).Select(v => new Measurement<long>(v.Value, new KeyValuePair<string, object?>(label, v.Key))) : none,
            unit, description);

    private void Gauge(string name, string unit, string description, Func<OpsStatus, long?> value) =>
        Meter.CreateObservableGauge(name, () => Now() is { } now && value(now) is { } v ? [new Measurement<long>(v)] : none,
            unit, description);

    private static double Age(OpsStatus status) =>
        status.CommitAt == 0 ? 0 : Math.Max(0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - status.CommitAt) / 1000.0;

    /// <summary>One report for all instruments of one collection; null while no host is observed.</summary>
    private OpsStatus? Now()
    {
        lock (gate)
        {
            if (report is null) return null;
            if (latest is null || Environment.TickCount64 - latestAt > ReportAgeMs)
            {
                latest = report();
                latestAt = Environment.TickCount64;
            }

            return latest;
        }
    }
}
