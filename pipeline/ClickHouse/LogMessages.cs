using Microsoft.Extensions.Logging;

namespace Streaming.ClickHouse;

/// <summary>What the way to ClickHouse logs. Event ids 6000 to 6999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Migrating
    [LoggerMessage(6001, LogLevel.Information, "Migration {Name} is applied to database {Database} of ClickHouse.")]
    public static partial void MigrationApplied(this ILogger log, string name, string database);

    // Sending
    [LoggerMessage(6101, LogLevel.Warning, "ClickHouse at {Url} is not ready. It is tried again every 0.2 to 5 s; blocks wait in the store meanwhile: {Reason}")]
    public static partial void ClickHouseNotReady(this ILogger log, string url, string reason);

    [LoggerMessage(6102, LogLevel.Critical, "Nothing is delivered to ClickHouse before an operator acts and the program is started again; blocks wait in the store: {Reason}")]
    public static partial void ClickHouseRefused(this ILogger log, string reason);

    [LoggerMessage(6103, LogLevel.Error,
        "Blocks for ClickHouse cannot be read from the store; it is tried again in {Seconds} s: {Reason}")]
    public static partial void DeliveryPauses(this ILogger log, double seconds, string reason);

    [LoggerMessage(6104, LogLevel.Warning,
        "ClickHouse did not take block {Number} of {Table}. It is tried again, first in {Milliseconds} ms, then at growing intervals: {Reason}")]
    public static partial void BlockFailed(this ILogger log, long number, string table, double milliseconds, string reason);

    [LoggerMessage(6105, LogLevel.Information, "Delivery of {Table} goes on after {Failures} failures.")]
    public static partial void TableRecovered(this ILogger log, string table, int failures);

    [LoggerMessage(6106, LogLevel.Error,
        "ClickHouse refused block {Number} of {Table} ({Rows} rows) {Refusals} times (setting ParkAfter of Sender); it is parked until an operator sends it again or drops it (command parked), and the next block is sent: {Reason}")]
    public static partial void BlockParked(this ILogger log, long number, string table, int rows, int refusals, string reason);

    [LoggerMessage(6107, LogLevel.Warning,
        "ClickHouse holds blocks of {Table} up to {Landed}, yet all before {Next} were delivered or parked: if none are parked, its data was lost or expired.")]
    public static partial void BlocksMissing(this ILogger log, string table, long landed, long next);

    [LoggerMessage(6108, LogLevel.Debug, "Delivery to ClickHouse has stopped.")]
    public static partial void DeliveryStopped(this ILogger log);

    [LoggerMessage(6109, LogLevel.Warning,
        "The tables in ClickHouse cannot be made yet because the store is away; that is tried again in {Seconds} s, and blocks wait: {Reason}")]
    public static partial void TablesWait(this ILogger log, double seconds, string reason);

    [LoggerMessage(6110, LogLevel.Error,
        "The oldest {Count} parked items were dropped to make room for a refused block: redrive or drop what is parked, or raise Items and MiB of Parked.")]
    public static partial void ParkedForgotten(this ILogger log, int count);
}
