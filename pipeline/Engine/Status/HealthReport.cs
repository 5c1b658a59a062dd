using Streaming.Engine.Rows;

namespace Streaming.Engine.Status;

/// <summary>The health rows for ClickHouse that follow from a host's report: the same for every host.</summary>
public static class HealthReport
{
    /// <summary>Label of what waits for Kafka.</summary>
    public const string Kafka = "kafka";

    /// <summary>Label of what waits for ClickHouse.</summary>
    public const string ClickHouse = "clickhouse";

    /// <summary>The rows of one moment.</summary>
    /// <param name="status">How the host is.</param>
    /// <param name="writer">Name of the silo's outbox: the label of these rows, so that a sum over labels is that of the cluster. Empty on
    /// one machine.</param>
    /// <param name="now">Epoch milliseconds.</param>
    public static IEnumerable<HealthRow> Of(OpsStatus status, string writer, long now)
    {
        var (broker, clickhouse) = (status.Broker, status.ClickHouse);
        if (broker.Lag >= 0) yield return new HealthRow(HealthMetric.Lag, writer, broker.Lag);
        yield return new HealthRow(HealthMetric.Outbox, Kafka, broker.Unsent);
        yield return new HealthRow(HealthMetric.Outbox, ClickHouse, clickhouse.Waiting);
        yield return new HealthRow(HealthMetric.OutboxAge, Kafka, Since(broker.SendingFailsSince));
        yield return new HealthRow(HealthMetric.OutboxAge, ClickHouse, Since(clickhouse.AwaySince));
        yield return new HealthRow(HealthMetric.Aside, writer, status.Aside);
        yield return new HealthRow(HealthMetric.Parked, writer, status.Parked);
        if (clickhouse.Blocks > 0) yield return new HealthRow(HealthMetric.Landing, "", clickhouse.LandingDelay / 1000.0);

        double Since(long at) => at == 0 ? 0 : Math.Max(0, now - at) / 1000.0;
    }
}
