using Microsoft.Extensions.Logging;

namespace Streaming.Kafka;

/// <summary>What reading and sending log. Event ids 5000 to 5999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Client
    [LoggerMessage(5001, LogLevel.Debug, "The Kafka client says: {Line}")]
    public static partial void ClientSays(this ILogger log, string line);

    [LoggerMessage(5002, LogLevel.Warning, "The broker does not answer; the program waits for it up to {Seconds:0} s: {Reason}")]
    public static partial void BrokerAway(this ILogger log, double seconds, string reason);

    // Reading
    [LoggerMessage(5101, LogLevel.Warning, "The input topics cannot be read; the broker is tried again until it answers, and no event is lost: {Reason}")]
    public static partial void InputsAway(this ILogger log, string reason);

    [LoggerMessage(5102, LogLevel.Warning, "The broker did not answer the question for the partitions' end offsets. It is asked again; members that are due wait until it answers: {Reason}")]
    public static partial void EndsUnknown(this ILogger log, string reason);

    [LoggerMessage(5103, LogLevel.Error,
        "Partition {Topic}/{Partition} cannot be read on at offset {Offset}; it is tried again every {Seconds} s, the others go on, and no wake acts. Repair the topic, or skip the offset with the command skip: {Reason}")]
    public static partial void PartitionBlocked(this ILogger log, string topic, int partition, long offset, double seconds, string reason);

    [LoggerMessage(5104, LogLevel.Warning,
        "These topics have a new log (they were created again, or the broker lost its data) and are read from its start: {Topics}.")]
    public static partial void LogsRenewed(this ILogger log, string topics);

    [LoggerMessage(5105, LogLevel.Error,
        "Records of {Topic}/{Partition} are gone, {Count} of them: the broker dropped them by age or size before they were read. Nothing can bring them back here; raise the topic's retention.")]
    public static partial void RecordsExpired(this ILogger log, long count, string topic, int partition);

    [LoggerMessage(5106, LogLevel.Error,
        "Records of {Topic}/{Partition} are gone, {Count} of them: the broker's log ends before what was already read. The broker lost what it had acknowledged; look at its replication and its disks.")]
    public static partial void RecordsLost(this ILogger log, long count, string topic, int partition);

    // Sending
    [LoggerMessage(5201, LogLevel.Error, "The messages for Kafka cannot be read from the store; it is tried again in {Seconds} s: {Reason}")]
    public static partial void SendingPauses(this ILogger log, double seconds, string reason);

    [LoggerMessage(5202, LogLevel.Warning,
        "The Kafka producer cannot go on and is made anew; what is not acknowledged is sent again, from commit {Commit} on: {Reason}")]
    public static partial void ProducerRenewed(this ILogger log, long commit, string? reason);

    [LoggerMessage(5203, LogLevel.Error,
        "The broker refused a message for {Topic} for good; it is parked until an operator sends it again or drops it (command parked): {Reason}")]
    public static partial void MessageParked(this ILogger log, string topic, string reason);

    [LoggerMessage(5204, LogLevel.Error,
        "The oldest {Count} parked items were dropped to make room for new ones: redrive or drop what is parked, or raise the settings Items and MiB of Parked.")]
    public static partial void ParkedForgotten(this ILogger log, int count);

    [LoggerMessage(5205, LogLevel.Warning,
        "Parked message {Id} was sent, but the store could not remove it; the next start sends it again with the same id: {Reason}")]
    public static partial void RedrivenKept(this ILogger log, long id, string reason);

    [LoggerMessage(5206, LogLevel.Debug, "The sender of Kafka messages has stopped at commit {Commit}.")]
    public static partial void SenderStopped(this ILogger log, long commit);

    [LoggerMessage(5207, LogLevel.Warning,
        "Parked message {Id} belongs to topic {Topic}, which is none of this program's output topics ({First} …; the setting TopicPrefix may have changed). It is not sent and stays parked; drop it with the command parked.")]
    public static partial void RedriveOfOthers(this ILogger log, long id, string topic, string first);
}
