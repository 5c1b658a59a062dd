namespace Streaming.Engine.Status;

/// <summary>Names of the pipeline's instruments, as OpenTelemetry writes them. Dashboards and alert rules of operators refer to them: a
/// name is never changed.</summary>
/// <remarks>Prometheus reads dots as underscores and appends the unit, and <c>_total</c> to counters:
/// <c>streaming.events.applied</c> is <c>streaming_events_applied_total</c>.</remarks>
public static class MetricNames
{
    /// <summary>The meter.</summary>
    public const string Source = "Streaming";

    /// <summary>Counter: events applied, by <see cref="Kind"/>.</summary>
    public const string EventsApplied = "streaming.events.applied";

    /// <summary>Counter: records that became dead letters, by <see cref="Reason"/>.</summary>
    public const string RecordsRejected = "streaming.records.rejected";

    /// <summary>Counter: events with invalid facts about the member, by <see cref="Warning"/>.</summary>
    public const string FactWarnings = "streaming.fact_warnings";

    /// <summary>Counter: events seen before, which changed nothing.</summary>
    public const string Duplicates = "streaming.duplicates";

    /// <summary>Counter: members looked at because they were due.</summary>
    public const string Wakes = "streaming.wakes";

    /// <summary>Counter: effects of any kind.</summary>
    public const string Effects = "streaming.effects";

    /// <summary>Gauge: decoded members in memory.</summary>
    public const string MembersInMemory = "streaming.members.in_memory";

    /// <summary>Gauge: members put aside because the program failed on them.</summary>
    public const string MembersAside = "streaming.members.aside";

    /// <summary>Gauge: seconds since the newest durable commit.</summary>
    public const string CommitAge = "streaming.commit.age";

    /// <summary>Gauge: 1 while no commit can be written, else 0.</summary>
    public const string CommitsFailing = "streaming.commits.failing";

    /// <summary>Gauge: 1 while intake is held because too much waits, else 0.</summary>
    public const string IntakeHeld = "streaming.intake.held";

    /// <summary>Gauge: bytes that wait for Kafka, ClickHouse or snapshots.</summary>
    public const string Spool = "streaming.spool";

    /// <summary>Gauge: messages and blocks that were refused for good.</summary>
    public const string ParkedItems = "streaming.parked.items";

    /// <summary>Gauge: records waiting to be read.</summary>
    public const string BrokerLag = "streaming.broker.lag_records";

    /// <summary>Gauge: partitions that cannot be read on before an operator acts.</summary>
    public const string PartitionsBlocked = "streaming.partitions.blocked";

    /// <summary>Counter: records that were gone before they were read.</summary>
    public const string BrokerGone = "streaming.broker.gone_records";

    /// <summary>Gauge: durable commits whose messages are not yet acknowledged.</summary>
    public const string BrokerUnsent = "streaming.broker.unsent_commits";

    /// <summary>Counter: messages that Kafka acknowledged.</summary>
    public const string BrokerDelivered = "streaming.broker.messages_delivered";

    /// <summary>Gauge: blocks waiting for ClickHouse.</summary>
    public const string BlocksWaiting = "streaming.clickhouse.blocks_waiting";

    /// <summary>Counter: rows stored in ClickHouse.</summary>
    public const string RowsDelivered = "streaming.clickhouse.rows_delivered";

    /// <summary>Gauge: 1 while the host is ready, else 0.</summary>
    public const string Ready = "streaming.ready";

    /// <summary>Histogram: a record's timestamp to its being read.</summary>
    public const string RecordRead = "streaming.record.read";

    /// <summary>Histogram: records read to all of them applied, by batch.</summary>
    public const string BatchApply = "streaming.batch.apply";

    /// <summary>Histogram: writing one commit.</summary>
    public const string CommitWrite = "streaming.commit.write";

    /// <summary>Histogram: a record's timestamp to its durable commit.</summary>
    public const string RecordDurable = "streaming.record.durable";

    /// <summary>Histogram: a commit's messages handed to the client until Kafka has acknowledged all of them.</summary>
    public const string MessagesAcknowledge = "streaming.messages.acknowledge";

    /// <summary>Histogram: a block formed to its landing in ClickHouse.</summary>
    public const string BlockLanding = "streaming.block.landing";

    /// <summary>Label: the event's kind.</summary>
    public const string Kind = "kind";

    /// <summary>Label: why a record was rejected.</summary>
    public const string Reason = "reason";

    /// <summary>Label: what was invalid in the facts about a member.</summary>
    public const string Warning = "warning";
}
