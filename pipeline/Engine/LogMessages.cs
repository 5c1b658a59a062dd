using Microsoft.Extensions.Logging;

namespace Streaming.Engine;

/// <summary>What every host logs of turns and commits. Event ids 4000 to 4999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Turns
    [LoggerMessage(4001, LogLevel.Error,
        "This program failed on a record: a mistake in the program (number {Count} since the start). The record {Topic}/{Partition}@{Offset} is a dead letter with the reason internal and is not retried; it can be redriven with a newer version.")]
    public static partial void RecordFailed(this ILogger log, string topic, int partition, long offset, long count, Exception trace);

    [LoggerMessage(4002, LogLevel.Error,
        "This program failed on a member that is due: a mistake in the program (number {Count} since the start). The member is put aside until the next start or a change of the rules. Its events are still applied.")]
    public static partial void WakeFailed(this ILogger log, long count, Exception trace);

    [LoggerMessage(4003, LogLevel.Error,
        "This program failed to bring a member under the changed rules: a mistake in the program (number {Count} since the start). The member is put aside until the next start or another change of the rules. Until then its events become dead letters (reason internal).")]
    public static partial void SettleFailed(this ILogger log, long count, Exception trace);

    // Commits
    [LoggerMessage(4101, LogLevel.Error,
        "A commit failed and is tried again unchanged in {Milliseconds} ms; intake waits. After {RetryFor} in all (setting RetryFor of Commit) the program stops: {Reason}")]
    public static partial void CommitFailed(this ILogger log, int milliseconds, TimeSpan retryFor, string reason);
}
