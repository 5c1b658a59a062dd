using Microsoft.Extensions.Logging;

namespace Streaming.Engine;

/// <summary>What every host logs of turns and commits. Event ids 4000 to 4999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Turns
    [LoggerMessage(4001, LogLevel.Error,
        "This program failed on a record and goes on without it ({Topic}/{Partition}@{Offset}, reason internal among the dead letters, number {Count} since the start).")]
    public static partial void RecordFailed(this ILogger log, string topic, int partition, long offset, long count, Exception trace);

    [LoggerMessage(4002, LogLevel.Error,
        "This program failed on a member that is due and puts that aside until the next start or other rules (number {Count} since the start). The member's events go on.")]
    public static partial void WakeFailed(this ILogger log, long count, Exception trace);

    [LoggerMessage(4003, LogLevel.Error,
        "This program failed on a member that is under former rules and puts that aside until the next start or other rules (number {Count} since the start). The member's events need the rules in force too: they become dead letters (internal) until then.")]
    public static partial void SettleFailed(this ILogger log, long count, Exception trace);

    // Commits
    [LoggerMessage(4101, LogLevel.Error,
        "A commit failed and is tried again unchanged in {Milliseconds} ms, for {RetryFor} in all (RetryFor of Commit); intake waits: {Reason}")]
    public static partial void CommitFailed(this ILogger log, int milliseconds, TimeSpan retryFor, string reason);
}
