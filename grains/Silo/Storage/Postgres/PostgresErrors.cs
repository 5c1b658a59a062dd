using System.Net.Sockets;
using Npgsql;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>PostgreSQL's errors as sentences: whose fault it is, whether trying again can help, which setting to turn.</summary>
internal static class PostgresErrors
{
    /// <summary>Does something with the database.</summary>
    /// <exception cref="StoreException">The database is away or refused.</exception>
    public static async Task<T> Guard<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or IOException or TimeoutException)
        {
            throw Of(e);
        }
    }

    /// <inheritdoc cref="Guard{T}(Func{Task{T}})"/>
    public static Task Guard(Func<Task> work) => Guard(async () =>
    {
        await work();
        return true;
    });

    /// <summary>As the others, for callers with a thread of their own.</summary>
    /// <exception cref="StoreException">The database is away or refused.</exception>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or IOException or TimeoutException)
        {
            throw Of(e);
        }
    }

    /// <summary>The error as a <see cref="StoreException"/>.</summary>
    public static StoreException Of(Exception e) => e is PostgresException refused
        ? Refused(refused)
        : new StoreException($"PostgreSQL cannot be reached or broke off: {e.Message} (setting Storage:Postgres).", true, e);

    private static StoreException Refused(PostgresException e) => e.SqlState switch
    {
        "53100" => new StoreException("The disk of the PostgreSQL server is full: free room there; what waits goes on by itself then.",
            true, e),
        "53300" => new StoreException("PostgreSQL takes no more connections: raise its max_connections, or lower 'Maximum Pool Size' in " +
            "Storage:Postgres.", true, e),
        "25006" => new StoreException("PostgreSQL is read-only (a standby?): add 'Target Session Attributes=primary' and all hosts to " +
            "Storage:Postgres.", true, e),
        ['2', '8', ..] or "3D000" => new StoreException($"PostgreSQL refuses the connection: {e.MessageText} Check user, password and " +
            $"database in Storage:Postgres.", false, e),
        "42501" => new StoreException($"PostgreSQL lacks rights for this: {e.MessageText} The user in Storage:Postgres must own its tables.", false, e),

        // connection trouble, out of resources, cancelled or shut down, serialization and deadlocks, locks not available, stood still in a
        // transaction
        ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or ['5', '8', ..] or ['4', '0', ..] or "55P03" or "25P03" =>
            new StoreException($"PostgreSQL cannot do this now: {e.MessageText}.", true, e),
        _ => new StoreException($"PostgreSQL refuses what it was asked ({e.SqlState}): {e.MessageText}", false, e),
    };
}
