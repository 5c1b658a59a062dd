using Microsoft.Extensions.Logging;

namespace Streaming.Silo;

/// <summary>What a silo logs. Event ids 13000 to 13999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Hosting
    [LoggerMessage(13002, LogLevel.Information,
        "Rules {Version} are in force; events from {Earliest:yyyy-MM-dd} on are taken (input.earliest).")]
    public static partial void RulesInForce(this ILogger log, string version, DateOnly earliest);

    [LoggerMessage(13003, LogLevel.Information, "Rules {New} are in force from the next commit on, instead of {Old}.")]
    public static partial void RulesChanged(this ILogger log, string @new, string old);

    [LoggerMessage(13004, LogLevel.Warning,
        "The database does not tell whether other rules are in force; rules {Version} stay, and it is asked again in {Seconds} s: {Reason}")]
    public static partial void RulesUnknown(this ILogger log, string version, double seconds, string reason);

    [LoggerMessage(13005, LogLevel.Debug, "The database does not tell how much is parked; it is asked again with the next report: {Reason}")]
    public static partial void ParkedUnknown(this ILogger log, string reason);

    [LoggerMessage(13006, LogLevel.Information, "Leaving: reading stops, what is on its way is made durable and sent.")]
    public static partial void Leaving(this ILogger log);

    // Ingestion
    [LoggerMessage(13101, LogLevel.Information,
        "Partition {Topic}/{Partition} is read from offset {Offset} on, under generation {Generation}.")]
    public static partial void PartitionBegun(this ILogger log, string topic, int partition, long offset, long generation);

    [LoggerMessage(13102, LogLevel.Error,
        "Records of {Topic}/{Partition} are gone, {Count} of them: the broker dropped them by age or size before they were read. Nothing can bring them back here; raise the topic's retention.")]
    public static partial void RecordsExpired(this ILogger log, long count, string topic, int partition);

    [LoggerMessage(13103, LogLevel.Error,
        "Records of {Topic}/{Partition} are gone, {Count} of them: the broker's log ends before what was already read. The broker lost what it had acknowledged, and what is written there up to the old end is taken for a repeat; look at its replication and its disks.")]
    public static partial void RecordsLost(this ILogger log, long count, string topic, int partition);

    [LoggerMessage(13104, LogLevel.Warning,
        "The broker does not tell which partitions there are; wakes wait, and it is asked again in {Seconds} s: {Reason}")]
    public static partial void PartitionsUnknown(this ILogger log, double seconds, string reason);

    [LoggerMessage(13105, LogLevel.Warning, "The broker refused to be read, which is tried again: {Reason}")]
    public static partial void ReadingRefused(this ILogger log, string reason);

    [LoggerMessage(13106, LogLevel.Warning, "Reading of {Count} partitions could not begin anew and is tried again: {Reason}")]
    public static partial void PartitionsNotBegun(this ILogger log, int count, string reason);

    [LoggerMessage(13107, LogLevel.Debug,
        "Partition {Topic}/{Partition} could not be paused or resumed, since the group is taking it away: {Reason}")]
    public static partial void PartitionNotPaused(this ILogger log, string topic, int partition, string reason);

    [LoggerMessage(13108, LogLevel.Debug,
        "The offset of {Topic}/{Partition} could not be stored in the group, which is taking that partition away: {Reason}")]
    public static partial void OffsetNotStored(this ILogger log, string topic, int partition, string reason);

    [LoggerMessage(13109, LogLevel.Warning,
        "The database did not take how far {Count} partitions were read; their next owner reads the last records again, and none counts twice: {Reason}")]
    public static partial void HandOverNotWritten(this ILogger log, int count, string reason);

    [LoggerMessage(13110, LogLevel.Warning,
        "The broker was not told that this silo leaves the group; it notices when the session times out, and others read on from then: {Reason}")]
    public static partial void GroupNotLeft(this ILogger log, string reason);

    [LoggerMessage(13111, LogLevel.Warning,
        "The database did not take how far this silo has read, which is tried again in {Milliseconds} ms: {Reason}")]
    public static partial void ProgressNotWritten(this ILogger log, double milliseconds, string reason);

    [LoggerMessage(13112, LogLevel.Warning,
        "Silo {Silo} did not answer for {Count} records of {Topic}/{Partition}, which are read again: {Reason}")]
    public static partial void SiloSilent(this ILogger log, SiloAddress silo, int count, string topic, int partition, string reason);

    [LoggerMessage(13113, LogLevel.Error, "This program failed to deliver a batch of {Topic}/{Partition}, which is read again.")]
    public static partial void BatchFailed(this ILogger log, string topic, int partition, Exception trace);

    [LoggerMessage(13114, LogLevel.Error, "Reading has ended and begins anew within 20 s: {Reason}")]
    public static partial void IngestionRestarts(this ILogger log, string reason, Exception? trace);

    [LoggerMessage(13115, LogLevel.Information, "Ingestion has ended: what was on its way is durable, or is read again.")]
    public static partial void IngestionEnded(this ILogger log);

    // Sending
    [LoggerMessage(13201, LogLevel.Information, "This silo writes and sends outbox {Writer}, from commit {Number} on.")]
    public static partial void OutboxClaimed(this ILogger log, string writer, long number);

    [LoggerMessage(13202, LogLevel.Information, "Outbox {Writer} was left behind; this silo sends what waits in it.")]
    public static partial void OutboxAdopted(this ILogger log, string writer);

    [LoggerMessage(13203, LogLevel.Information, "Outbox {Writer} is empty and free.")]
    public static partial void OutboxFreed(this ILogger log, string writer);

    [LoggerMessage(13204, LogLevel.Warning,
        "Outboxes that other silos left could not be taken over or emptied; they are looked for again in {Seconds} s: {Reason}")]
    public static partial void OutboxesNotAdopted(this ILogger log, double seconds, string reason);

    [LoggerMessage(13205, LogLevel.Warning,
        "The lease of outbox {Writer} could not be renewed and is tried again; in {Left:0} s another silo may take the outbox (Sending:Lease): {Reason}")]
    public static partial void LeaseNotRenewed(this ILogger log, string writer, double left, string reason);

    [LoggerMessage(13206, LogLevel.Debug, "The lease of outbox {Writer} is renewed no more.")]
    public static partial void LeaseEnds(this ILogger log, string writer);

    [LoggerMessage(13207, LogLevel.Critical, "Nothing more is delivered to ClickHouse from outbox {Writer}: {Reason}")]
    public static partial void DeliveryEnded(this ILogger log, string writer, string reason, Exception? trace);

    [LoggerMessage(13208, LogLevel.Warning,
        "The database did not take how far outbox {Writer} is sent; its next holder sends the last messages again, under the same ids: {Reason}")]
    public static partial void OutboxNotRecorded(this ILogger log, string writer, string reason);

    [LoggerMessage(13209, LogLevel.Warning,
        "The database was not told that outbox {Writer} is free; another silo may take it when its lease ends (Sending:Lease): {Reason}")]
    public static partial void OutboxNotReleased(this ILogger log, string writer, string reason);

    [LoggerMessage(13210, LogLevel.Critical, "Nothing more is sent to Kafka from outbox {Writer}: {Reason}")]
    public static partial void SendingEnded(this ILogger log, string writer, string reason, Exception? trace);
}
