using Microsoft.Extensions.Logging;
using Streaming.Engine.Rows;
using Streaming.Engine.Sources;
using Streaming.Engine.Status;
using Streaming.Grains.Actors;
using Streaming.Grains.Receiving;
using Streaming.Ops.Hosting;
using Streaming.Silo.Ingestion;
using Streaming.Silo.Sending;

namespace Streaming.Silo.Hosting;

/// <summary>The state of a silo, read from its parts, for the ops page, the metrics and the health rows. Thread-safe.</summary>
internal sealed class SiloReport
{
    private readonly HostReport report;
    private readonly ParkedCounter parkedHere;
    private readonly string writer;

    /// <summary>Asks the parts of this silo.</summary>
    /// <param name="outbox">What it has committed and sends.</param>
    /// <param name="receiver">How its members' receiver is.</param>
    /// <param name="aside">Members it failed on.</param>
    /// <param name="ingestion">How its reading is.</param>
    /// <param name="parked">What was refused for good: its own, and the cluster's.</param>
    public SiloReport(SiloOutbox outbox, ReceiverStatus receiver, Aside aside, IngestionStatus ingestion, ParkedCounters parked)
    {
        (parkedHere, writer) = (parked.Own, outbox.Senders.Outbox.Lease.Writer);
        Status = outbox.Status;
        report = new HostReport
        {
            Status = outbox.Status,
            Outbox = outbox.Senders.Outbox,
            Messages = outbox.Senders.Messages,
            ClickHouse = outbox.Senders.ClickHouse,
            Bootstrap = outbox.Parts.Kafka.Bootstrap,
            Source = () => new SourceStatus { Lag = ingestion.Lag, Gone = ingestion.Gone, Error = ingestion.Error },
            Durable = () => outbox.Durable,
            Members = () => ((int)receiver.Active, 0, aside.Count),
            CommitFailure = () => receiver.CommitFailure,
            Parked = parked.All.Latest,
        };
        Status.Probe = Health;
        (ingestion.Read, ingestion.Durable) = (Status.RecordsRead, Status.Durable);
    }

    /// <summary>What this silo counts.</summary>
    public HostStatus Status { get; }

    /// <summary>How it is at this moment; what is parked is the whole cluster's.</summary>
    public OpsStatus Report() => report.Report();

    // By outbox, so that a sum over all silos is that of the cluster.
    private IEnumerable<HealthRow> Health() => HealthReport.Of(
        Report() with { Parked = parkedHere.Latest() }, writer, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
}

/// <summary>What was refused for good.</summary>
/// <param name="Own">In this silo's outbox.</param>
/// <param name="All">In all outboxes of the cluster.</param>
internal sealed record ParkedCounters(ParkedCounter Own, ParkedCounter All)
{
    /// <summary>That of a silo.</summary>
    public static ParkedCounters Of(SiloOutbox outbox, OpenedCluster truth, ILogger<ParkedCounter> log)
    {
        var own = new ParkedCounter(outbox.Senders.Outbox.Parked, log);
        return new ParkedCounters(own, truth.Storage.Parked is { } all ? new ParkedCounter(all, log) : own);
    }
}
