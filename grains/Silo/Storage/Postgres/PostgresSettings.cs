using Npgsql;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>How connections to PostgreSQL are made: what a connection string leaves open is set so that a dead server is noticed.</summary>
internal static class PostgresSettings
{
    /// <summary>Statements kept prepared on each connection: all that this program has.</summary>
    private const int Prepared = 64;

    /// <summary>Connections of one pool; a silo has two, one of them for Orleans' membership and reminders.</summary>
    private const int Connections = 12;

    /// <summary>
    /// The server ends a session that stands still in the midst of a transaction for so long, in milliseconds: a silo that was frozen there would hold its outbox and
    /// its partitions until it goes on, however long its lease has been over. A transaction here is two round trips, and the shortest lease 5 s.
    /// </summary>
    private const int StandsStill = 5_000;

    /// <summary>A pool of connections. Thread-safe; one for the whole process.</summary>
    /// <exception cref="ArgumentException">The string is not one.</exception>
    public static NpgsqlDataSource Open(string connectionString) => NpgsqlDataSource.Create(Complete(connectionString));

    /// <summary>The string with what it leaves open.</summary>
    /// <exception cref="ArgumentException">The string is not one.</exception>
    public static NpgsqlConnectionStringBuilder Complete(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize("Max Auto Prepare")) (given.MaxAutoPrepare, given.AutoPrepareMinUsages) = (Prepared, 2);
        if (!given.ShouldSerialize("Timeout")) given.Timeout = 5;
        if (!given.ShouldSerialize("Maximum Pool Size")) given.MaxPoolSize = Connections;
        if (!given.ShouldSerialize("Keepalive")) given.KeepAlive = 10;
        if (given.Options?.Contains("idle_in_transaction_session_timeout", StringComparison.Ordinal) != true)
            given.Options = $"{given.Options} -c idle_in_transaction_session_timeout={StandsStill}".TrimStart();
        if (!given.ShouldSerialize("Application Name")) given.ApplicationName = "streaming-silo";
        return given;
    }
}
