using System.Text.RegularExpressions;
using Npgsql;
using Streaming.Common.Settings;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>How connections to PostgreSQL are made: what a connection string leaves open is set so that a dead server is noticed.</summary>
internal static partial class PostgresSettings
{
    /// <summary>Statements kept prepared on each connection: all that this program has.</summary>
    private const int Prepared = 64;

    /// <summary>Connections of one pool; a silo has two, one of them for Orleans' membership and reminders.</summary>
    private const int Connections = 12;

    /// <summary>
    /// The server ends a session that stands still in the midst of a transaction for so long, in milliseconds: a silo that was frozen there
    /// would hold its outbox and its partitions until it goes on, however long its lease has been over. A transaction here is two round
    /// trips, and the shortest lease 5 s.
    /// </summary>
    private const int IdleInTransactionMs = 5_000;

    /// <summary>Adds a sentence when the string cannot be used.</summary>
    /// <param name="path">The setting it is the value of.</param>
    /// <param name="connectionString">The string.</param>
    /// <param name="errors">Where the sentence goes.</param>
    public static void Validate(string path, string connectionString, ICollection<string> errors)
    {
        try
        {
            // what does not fit together is found when a pool is made, not when the string is read
            if (string.IsNullOrEmpty(Complete(connectionString).Host)) throw new ArgumentException("it names no Host.");
            using var source = Open(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            var reason = ParameterName().Replace(e.Message, "").TrimEnd('.');
            errors.Add($"{path} is not a connection string such as Host=…;Database=…;Username=…;Password=…: {reason}.");
        }
    }

    /// <summary>A pool of connections, once the server has answered on one of them.</summary>
    /// <exception cref="SettingsException">The string cannot be used, or there is no such database for this user.</exception>
    public static async Task<NpgsqlDataSource> ReachAsync(string connectionString, CancellationToken cancel)
    {
        var errors = new List<string>();
        Validate("Storage:Postgres", connectionString, errors);
        if (errors.Count > 0) throw new SettingsException(errors);
        var source = Open(connectionString);
        try
        {
            await using var connection = await PostgresErrors.Guard(async () => await source.OpenConnectionAsync(cancel));
            return source;
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            if (e is StoreException) throw new SettingsException([e.Message]);
            throw;
        }
    }

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
            given.Options = $"{given.Options} -c idle_in_transaction_session_timeout={IdleInTransactionMs}".TrimStart();
        if (!given.ShouldSerialize("Application Name")) given.ApplicationName = "streaming-silo";
        return given;
    }

    [GeneratedRegex(@" \(Parameter '[^']*'\)")]
    private static partial Regex ParameterName();
}
