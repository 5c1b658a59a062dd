using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;
using Streaming.Members.Events;

namespace Streaming.Engine.Status;

/// <summary>The state of a host: totals since the start, latencies, and what holds it up. Read by the ops API, health and
/// metrics.</summary>
/// <remarks>Totals are written by the committer alone and read by any thread.</remarks>
public sealed class HostStatus : IDisposable
{
    private const long HealthEveryMs = 10_000;
    private readonly Lock gate = new();
    private readonly long[] applied = new long[EventKinds.Count];
    private readonly long[] rejected = new long[byte.MaxValue + 1];
    private readonly long[] warned = new long[FactWarningNames.Count];
    private readonly long[] appliedBefore = new long[EventKinds.Count];
    private readonly long[] rejectedBefore = new long[byte.MaxValue + 1];
    private long[] byShard = []; // applied since the last health rows
    private readonly LatencyHistogram recent = new();
    private long healthAt;

    /// <summary>Time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Supplies the health rows of the host (<see cref="HealthReport"/>).</summary>
    public Func<IEnumerable<HealthRow>> Probe { get; set; } = () => [];

    /// <summary>The instruments of this host.</summary>
    public PipelineMetrics Metrics { get; } = new();

    /// <summary>From a record's timestamp to its durable commit, since the start.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Time of writing one commit.</summary>
    public LatencyHistogram CommitTime { get; } = new();

    /// <summary>The last messages of each output topic.</summary>
    public LatestMessages Latest { get; } = new();

    /// <summary>Events seen before, which changed nothing, since the start.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Wakes that acted since the start.</summary>
    public long Wakes { get; private set; }

    /// <summary>Effects since the start.</summary>
    public long Effects { get; private set; }

    /// <summary>Members in memory, how many of them wait for their snapshot, and how many
    /// were put aside because the program failed on them.</summary>
    public (int Cached, int Dirty, int Aside) Members { get; private set; }

    /// <summary>The newest durable commit and when it was made, epoch milliseconds.</summary>
    public (long Number, long At) LastCommit { get; private set; }

    /// <summary>Why no commit can be written at present, or null.</summary>
    public string? CommitFailure { get; private set; }

    /// <summary>Why intake is held back at present, or null.</summary>
    public string? Held { get; set; }

    /// <summary>False in a replay, whose records carry the data's own times.</summary>
    public bool MeasuresLatency { get; init; } = true;

    /// <summary>Which records without a <c>traceparent</c> begin a trace.</summary>
    public TraceSampling Sampling { get; } = new();

    /// <summary>True while commits made before the start are applied again.</summary>
    public bool Recovering { get; set; }

    /// <summary>True when a health row should be written although no commit is due.</summary>
    public bool HealthDue(long now) => now - Interlocked.Read(ref healthAt) >= HealthEveryMs;

    /// <summary>Events applied since the start, by kind.</summary>
    public IReadOnlyDictionary<EventKind, long> Applied()
    {
        lock (gate) return Enum.GetValues<EventKind>().Where(k => applied[(int)k] > 0).ToDictionary(k => k, k => applied[(int)k]);
    }

    /// <summary>Rejects since the start, by reason.</summary>
    public IReadOnlyDictionary<RejectReason, long> Rejected()
    {
        lock (gate)
        {
            return Enumerable.Range(0, rejected.Length).Where(i => rejected[i] > 0).ToDictionary(i => (RejectReason)i, i => rejected[i]);
        }
    }

    /// <summary>Events with odd facts since the start, by warning.</summary>
    public IReadOnlyDictionary<string, long> Warned()
    {
        lock (gate) return Enumerable.Range(0, warned.Length).Where(i => warned[i] > 0).ToDictionary(FactWarningNames.Name, i => warned[i]);
    }

    /// <summary>The records of a batch have been read.</summary>
    public void BatchRead(Batch batch)
    {
        if (MeasuresLatency) Metrics.RecordsRead(CollectionsMarshal.AsSpan(batch.Records), batch.WallClock);
    }

    /// <summary>Records of a host without batches have been read: their timestamps, epoch milliseconds.</summary>
    public void RecordsRead(IReadOnlyList<long> timestamps) => Metrics.RecordsRead(timestamps, Now);

    /// <summary>A commit became durable.</summary>
    public void Committed(Batch batch, CommitRecord record, TimeSpan took)
    {
        var now = Now;
        CommitTime.Add((long)took.TotalMicroseconds);
        Metrics.Written(took);
        if (batch.Records.Count > 0) Metrics.Applied(batch.ApplyTime);
        if (MeasuresLatency) Metrics.Durable(CollectionsMarshal.AsSpan(batch.Records), now);
        lock (gate)
        {
            if (byShard.Length == 0) byShard = new long[batch.Results.Length];
            for (var i = 0; i < batch.Results.Length; i++)
            {
                Add(batch.Results[i].Counts);
                byShard[i] += batch.Results[i].Counts.Applied.Sum();
            }

            if (MeasuresLatency) Measure(batch, now);
            Members = (batch.Results.Sum(p => p.Counts.Members.Cached), batch.Results.Sum(p => p.Counts.Members.Dirty),
                batch.Results.Sum(p => p.Counts.Members.Aside));
            LastCommit = (record.Number, now);
        }
    }

    /// <summary>A commit of a host without batches became durable.</summary>
    /// <param name="counts">What its parts counted.</param>
    /// <param name="number">Its number.</param>
    /// <param name="applied">How long reading members and applying took; null when nothing was applied.</param>
    /// <param name="written">How long writing it took.</param>
    public void Committed(IReadOnlyList<BatchCounts> counts, long number, TimeSpan? applied, TimeSpan written)
    {
        if (applied is { } took) Metrics.Applied(took);
        Metrics.Written(written);
        lock (gate)
        {
            foreach (var part in counts) Add(part);
            LastCommit = (number, Now);
        }
    }

    /// <summary>Records of a host without batches are durable: how long that took since their timestamps, epoch milliseconds.</summary>
    public void Durable(IReadOnlyList<long> timestamps)
    {
        var now = Now;
        Metrics.Durable(timestamps, now);
        lock (gate)
        {
            foreach (var timestamp in timestamps) Measure(timestamp, now);
        }
    }

    /// <summary>A commit cannot be written, or can again (null).</summary>
    public void CommitFailing(string? reason) => CommitFailure = reason;

    /// <summary>Health rows when they are due, else nothing.</summary>
    public byte[] HealthChunk(long now)
    {
        if (!HealthDue(now)) return [];
        var seconds = healthAt == 0 ? 10.0 : (now - healthAt) / 1000.0;
        Interlocked.Exchange(ref healthAt, now);
        var rows = new List<HealthRow>(Probe());
        lock (gate)
        {
            foreach (var topic in InputTopics.All)
            {
                var events = Enum.GetValues<EventKind>().Where(k => k != EventKind.None && k.Topic() == topic)
                    .Sum(k => applied[(int)k] - appliedBefore[(int)k]);
                rows.Add(new HealthRow(HealthMetric.Rate, InputTopics.Name(topic), events / seconds));
            }

            for (var i = 0; i < rejected.Length; i++)
            {
                if (rejected[i] > rejectedBefore[i])
                {
                    rows.Add(new HealthRow(HealthMetric.Rejects, RejectReasons.Name((RejectReason)i),
                        (rejected[i] - rejectedBefore[i]) / seconds));
                }
            }

            foreach (var (label, share) in new[] { ("0.5", 0.5), ("0.9", 0.9), ("0.99", 0.99) })
            {
                if (recent.Count > 0) rows.Add(new HealthRow(HealthMetric.Latency, label, recent.Quantile(share)));
            }

            rows.Add(new HealthRow(HealthMetric.CommitAge, "", LastCommit.At == 0 ? 0 : (now - LastCommit.At) / 1000.0));
            for (var i = 0; i < byShard.Length; i++)
            {
                rows.Add(new HealthRow(HealthMetric.ShardRate, i.ToString(CultureInfo.InvariantCulture), byShard[i] / seconds));
            }
            Array.Clear(byShard);
            applied.CopyTo(appliedBefore, 0);
            rejected.CopyTo(rejectedBefore, 0);
            recent.Clear();
        }

        return HealthRows.Chunk(now, CollectionsMarshal.AsSpan(rows));
    }

    /// <summary>Ends the instruments.</summary>
    public void Dispose() => Metrics.Dispose();

    private long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void Measure(Batch batch, long now)
    {
        foreach (ref readonly var r in CollectionsMarshal.AsSpan(batch.Records)) Measure(r.Timestamp, now);
    }

    private void Measure(long timestamp, long now)
    {
        var micros = (now - timestamp) * 1000;
        Latency.Add(micros);
        recent.Add(micros);
    }

    private void Add(BatchCounts counts)
    {
        for (var i = 0; i < applied.Length; i++) applied[i] += counts.Applied[i];
        for (var i = 0; i < rejected.Length; i++) rejected[i] += counts.Rejected[i];
        for (var i = 0; i < warned.Length; i++) warned[i] += counts.Warned[i];
        Duplicates += counts.Duplicates;
        Wakes += counts.Wakes;
        Effects += counts.Effects;
    }
}
