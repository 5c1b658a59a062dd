namespace Streaming.App;

/// <summary>What the program of one machine logs. Event ids 11000 to 11999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Installing
    [LoggerMessage(11002, LogLevel.Information,
        "Rules {Version} are in force; events from {Earliest:yyyy-MM-dd} on are taken (input.earliest).")]
    public static partial void RulesInForce(this ILogger log, string version, DateOnly earliest);

    [LoggerMessage(11003, LogLevel.Information,
        "Rules {New} are in force from the next commit on, instead of {Old}; events from {Earliest:yyyy-MM-dd} on are taken (input.earliest).")]
    public static partial void RulesChanged(this ILogger log, string @new, string old, DateOnly earliest);

    [LoggerMessage(11004, LogLevel.Warning,
        "The rules file cannot be read and is read again every {Seconds} s; rules {Version} stay in force: {Reason}")]
    public static partial void RulesFileUnreadable(this ILogger log, double seconds, string version, string reason);

    [LoggerMessage(11005, LogLevel.Error,
        "The changed rules file has errors and is ignored until it is corrected; rules {Version} stay in force: {Errors}")]
    public static partial void RulesRefused(this ILogger log, string version, string errors);

    [LoggerMessage(11006, LogLevel.Error,
        "The changed rules cannot be stored, which is tried again every {Seconds} s; rules {Version} stay in force: {Reason}")]
    public static partial void RulesNotStored(this ILogger log, double seconds, string version, string reason);

    [LoggerMessage(11007, LogLevel.Information,
        "The data directory holds a {Kind} replay. It is taken over: what fell due before now acts without anything being sent.")]
    public static partial void ReplayTakenOver(this ILogger log, string kind);

    [LoggerMessage(11008, LogLevel.Warning,
        "The broker did not delete the replay's topics ({First} …), which nobody needs any more; delete them there: {Reason}")]
    public static partial void ReplayTopicsKept(this ILogger log, string first, string reason);

    [LoggerMessage(11009, LogLevel.Information, "Stopping: the records read so far are committed, and their messages and blocks are sent as far as time allows.")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(11010, LogLevel.Warning,
        "The replay was interrupted before the messages of its last {Commits} commits were known to be sent to its own topics. They are given up, and never leave on live topics.")]
    public static partial void ReplayNotSent(this ILogger log, long commits);

    [LoggerMessage(11011, LogLevel.Warning,
        "Rules {Version} no longer name {Settings}: their defaults are in force. If that is not intended, the file was probably saved incomplete: correct it.")]
    public static partial void RulesLost(this ILogger log, string version, string settings);

    // Hosting
    [LoggerMessage(11101, LogLevel.Critical, "The pipeline stops because of an error; its next start goes on from commit {Commit}: {Reason}")]
    public static partial void PipelineStops(this ILogger log, long commit, string reason, Exception? trace);

    // Children
    [LoggerMessage(11201, LogLevel.Information, "From {Child}: {Line}")]
    public static partial void ChildSays(this ILogger log, string child, string line);

    [LoggerMessage(11202, LogLevel.Warning, "The {Child} process did not stop within {Seconds} s and is killed.")]
    public static partial void ChildKilled(this ILogger log, string child, double seconds);

    [LoggerMessage(11203, LogLevel.Warning,
        "The {Child} process (pid {Pid}) ended by itself with exit code {Code} and is started again; its last lines are above.")]
    public static partial void ChildEnded(this ILogger log, string child, int pid, int code);

    [LoggerMessage(11204, LogLevel.Error, "A child process did not start, which is tried again in {Milliseconds} ms: {Reason}")]
    public static partial void ChildNotStarted(this ILogger log, double milliseconds, string reason);

    // Broker
    [LoggerMessage(11301, LogLevel.Warning,
        "Apache Kafka did not get a port that was free a moment ago and is started again: {Reason}")]
    public static partial void BrokerPortTaken(this ILogger log, string reason);

    // Sample
    [LoggerMessage(11401, LogLevel.Warning, "Sample traffic stops until the next start, because the broker refuses its events: {Reason}")]
    public static partial void SampleRefused(this ILogger log, string reason);

    [LoggerMessage(11402, LogLevel.Debug, "Sample traffic has stopped.")]
    public static partial void SampleEnded(this ILogger log);
}
