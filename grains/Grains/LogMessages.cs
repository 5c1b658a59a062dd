using Microsoft.Extensions.Logging;

namespace Streaming.Grains;

/// <summary>What the members of a silo log. Event ids 12000 to 12999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Receiving
    [LoggerMessage(12001, LogLevel.Warning, "A commit failed and is tried again unchanged in {Milliseconds} ms, reading waits: {Reason}")]
    public static partial void CommitRetried(this ILogger log, int milliseconds, string reason);

    [LoggerMessage(12002, LogLevel.Error,
        "A commit was refused, or not taken within Members:RetryFor ({RetryFor}); it is given up, and its batches are read again: {Reason}")]
    public static partial void CommitGivenUp(this ILogger log, TimeSpan retryFor, string reason);

    [LoggerMessage(12003, LogLevel.Warning,
        "A commit was refused, since something in it belongs to another silo now; its batches are read again: {Reason}")]
    public static partial void CommitFenced(this ILogger log, string reason);

    [LoggerMessage(12004, LogLevel.Error, "This program failed to write a commit, whose batches are read again.")]
    public static partial void CommitBroken(this ILogger log, Exception trace);

    [LoggerMessage(12005, LogLevel.Warning,
        "The database does not tell what stands in the outbox; it is asked again before the next commit: {Reason}")]
    public static partial void OutboxUnknown(this ILogger log, string reason);

    [LoggerMessage(12006, LogLevel.Error, "A group of {Items} parts and wakes could not be applied and comes again: {Reason}")]
    public static partial void GroupNotApplied(this ILogger log, int items, string reason, Exception? trace);

    // Wakes
    [LoggerMessage(12101, LogLevel.Warning,
        "Bucket {Bucket} could not look for members that are due, which it does again in {Seconds} s: {Reason}")]
    public static partial void BucketNotLooked(this ILogger log, int bucket, double seconds, string reason);

    [LoggerMessage(12102, LogLevel.Warning,
        "Not all buckets of this silo look for members that are due; they are called again in {Seconds} s: {Reason}")]
    public static partial void BucketsNotCalled(this ILogger log, double seconds, string reason);
}
