using System.Collections.Concurrent;
using System.Text;
using Streaming.LocalClickHouse.Embedding;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Http;

/// <summary>Runs one statement on a borrowed connection: database, settings and parameters
/// in, counts out, and the connection is reset afterwards.</summary>
internal sealed class QueryRunner(ConnectionPool readers, ConnectionPool writers, Connection control, string version)
{
    private readonly ConcurrentDictionary<string, Connection> running = new(StringComparer.Ordinal);

    /// <summary>Borrows a connection of the right kind and makes it ready.</summary>
    /// <exception cref="QueryException">No turn in time, unknown database, wrong setting.</exception>
    public async Task<Lease> BeginAsync(Statement statement, QueryRequest request, CancellationToken cancel)
    {
        var pool = statement.Kind is StatementKind.Read ? readers : writers;
        var lease = new Lease(pool, await pool.BorrowAsync(cancel), () => running.TryRemove(request.QueryId, out _));
        running[request.QueryId] = lease.Connection;
        try
        {
            if (lease.Connection.Database != request.Database)
            {
                lease.Connection.Database = null;
                Check(await lease.Connection.RunAsync("USE " + Settings.QuoteName(request.Database)));
                lease.Connection.Database = request.Database;
            }
            await lease.SetAsync(request.Settings, Check);
            return lease;
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops what the connection runs. Returns when the engine has been told, not when it has stopped.</summary>
    public Task KillAsync(Connection connection) =>
        control.RunAsync(KillText(connection.Label));

    /// <summary>Stops what runs under a query id, as <see cref="KillAsync(Connection)"/>. Gives what the
    /// engine says about it; no rows when there is no such query.</summary>
    public Task<EngineResult> KillAsync(string queryId, string format) =>
        control.RunAsync(Encoding.UTF8.GetBytes(KillText(running.TryGetValue(queryId, out var connection) ? connection.Label : "")),
            format);

    private static string KillText(string label) => $"KILL QUERY WHERE Settings['log_comment'] = {Settings.Quote(label)} ASYNC";

    /// <summary>What the connection's present query has read so far.</summary>
    public async Task<EngineResult> ProgressAsync(Connection connection)
    {
        var row = await control.RunAsync($"SELECT read_rows, read_bytes, toUInt64(elapsed * 1e9) FROM system.processes WHERE " +
            $"Settings['log_comment'] = {Settings.Quote(connection.Label)}");
        var cells = Encoding.ASCII.GetString(row.Body).Trim().Split('\t');
        return cells.Length == 3
            ? new EngineResult([], null, 0, 0, ulong.Parse(cells[0]), ulong.Parse(cells[1]), 0, 0, long.Parse(cells[2]))
            : new EngineResult([], null, 0, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>The engine's message as an error.</summary>
    public QueryError ErrorOf(string message) => QueryError.FromEngine(message, version);

    /// <summary>Gives the result back when there is no error in it.</summary>
    /// <exception cref="QueryException">There is.</exception>
    public EngineResult Check(EngineResult result) =>
        result.Error is null ? result : throw new QueryException(ErrorOf(result.Error));
}

/// <summary>A borrowed connection.</summary>
internal sealed class Lease(ConnectionPool pool, Connection connection, Action ended) : IAsyncDisposable
{
    private readonly List<string> changed = [];

    public Connection Connection => connection;

    /// <summary>Changes settings until the lease ends.</summary>
    public async Task SetAsync(IReadOnlyList<(string Name, string Value)> settings, Func<EngineResult, EngineResult> check)
    {
        var others = settings.Where(s => pool.Own.GetValueOrDefault(s.Name) != s.Value).ToList();
        if (others.Count > 0)
        {
            // An unknown name fails the whole statement, so that nothing was changed and nothing needs to be put back.
            check(await connection.RunAsync(Settings.Set(others)));
            changed.AddRange(others.Select(s => s.Name));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ended();
        await pool.ReturnAsync(connection, changed);
    }
}
