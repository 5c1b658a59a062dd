using System.Buffers;

namespace Streaming.Engine.Rows;

/// <summary>One measurement of the pipeline's own health.</summary>
/// <param name="Metric">What was measured: a name of <see cref="HealthMetric"/>.</param>
/// <param name="Label">Which one: a topic, reason, quantile (<c>0.99</c>), shard number, silo, outbox (<c>kafka</c>, <c>clickhouse</c>) or
/// empty.</param>
/// <param name="Value">The value in the metric's unit.</param>
public readonly record struct HealthRow(string Metric, string Label, double Value);

/// <summary>Measurements as a chunk of their own: they belong to no event, but they go through commits in the same way and order as other
/// rows.</summary>
public static class HealthRows
{
    /// <summary>The chunk for one moment.</summary>
    /// <param name="at">When it was measured, epoch milliseconds.</param>
    /// <param name="rows">The measurements, at least one.</param>
    public static byte[] Chunk(long at, ReadOnlySpan<HealthRow> rows)
    {
        var to = new ArrayBufferWriter<byte>(32 + (rows.Length * 32));
        to.Byte(RowChunk.Format);
        to.Byte((byte)RowSection.Health);
        to.Unsigned((ulong)rows.Length);
        foreach (var row in rows)
        {
            to.Signed(at);
            to.Utf8(row.Metric);
            to.Utf8(row.Label);
            to.Double(row.Value);
        }

        return to.WrittenSpan.ToArray();
    }
}

/// <summary>Names of the measurements dashboards know, with their units.</summary>
public static class HealthMetric
{
    /// <summary>Records not yet read, all partitions together; label: the silo, or empty on one machine.</summary>
    public const string Lag = "lag_records";

    /// <summary>Records applied per second; label topic.</summary>
    public const string Rate = "records_per_second";

    /// <summary>Seconds from a record's timestamp to its commit; label quantile <c>0.5</c>, <c>0.9</c>, <c>0.99</c>.</summary>
    public const string Latency = "latency_seconds";

    /// <summary>Records rejected per second; label reason.</summary>
    public const string Rejects = "rejects_per_second";

    /// <summary>Seconds since the last durable commit.</summary>
    public const string CommitAge = "commit_age_seconds";

    /// <summary>What waits in an outbox: commits (label <c>kafka</c>) or blocks (label <c>clickhouse</c>).</summary>
    public const string Outbox = "outbox_waiting";

    /// <summary>Seconds for which nothing could leave an outbox; 0 while the far side
    /// takes it. Label <c>kafka</c> or <c>clickhouse</c>.</summary>
    public const string OutboxAge = "outbox_age_seconds";

    /// <summary>Records applied per second by a shard; label its number.</summary>
    public const string ShardRate = "shard_records_per_second";

    /// <summary>Members whose wake or settling the program failed on, put aside until the next start or other rules.</summary>
    public const string Aside = "members_aside";

    /// <summary>Parked messages and blocks; label: the silo, or empty on one machine.</summary>
    public const string Parked = "parked_items";

    /// <summary>Seconds from forming a block to its landing.</summary>
    public const string Landing = "landing_seconds";
}
