using Streaming.Engine.Rows;
using Streaming.Grains.Actors;
using Streaming.Silo.Ingestion;
using Streaming.Silo.Sending;

namespace Streaming.Silo.Hosting;

/// <summary>The health rows of a silo.</summary>
internal static class SiloHealth
{
    /// <summary>What only the silo's parts know.</summary>
    public static IEnumerable<HealthRow> Measure(SiloOutbox outbox, IngestionStatus ingestion, Aside aside, ParkedCount parked)
    {
        var (messages, delivery, writer) = (outbox.Senders.Messages, outbox.Senders.ClickHouse, outbox.Senders.Outbox.Lease.Writer);
        if (ingestion.Lag >= 0) yield return new HealthRow(HealthMetric.Lag, writer, ingestion.Lag);
        yield return new HealthRow(HealthMetric.Outbox, "kafka", Math.Max(0, outbox.Durable - messages.Sent));
        yield return new HealthRow(HealthMetric.Outbox, "clickhouse", outbox.Senders.Outbox.BlocksWaiting);
        foreach (var row in Kept(aside, parked, writer)) yield return row;
        if (delivery.State.DeliveredBlocks > 0) yield return new HealthRow(HealthMetric.Landing, "", delivery.State.LandingDelay / 1000.0);
    }

    /// <summary>What waits for an operator; by outbox, so that a sum over all is that of the cluster.</summary>
    public static IEnumerable<HealthRow> Kept(Aside aside, ParkedCount parked, string writer) =>
        [new HealthRow(HealthMetric.Aside, writer, aside.Count), new HealthRow(HealthMetric.Parked, writer, parked.Latest())];
}
