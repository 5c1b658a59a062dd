using System.Collections.Concurrent;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Embedding;

/// <summary>
/// A fixed number of connections, lent one request at a time, with a bounded queue. A connection comes back with the settings and
/// the database it had; a connection that cannot be reset is replaced. Thread-safe.
/// </summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly Engine engine;
    private readonly ClickHouseOptions options;
    private readonly string name;
    private readonly (string Name, string Value)[] settings;
    private readonly ConcurrentBag<Connection> idle = [];
    private readonly ConcurrentDictionary<Connection, bool> all = [];
    private readonly SemaphoreSlim free;
    private int waiting;
    private int made;

    private ConnectionPool(Engine engine, ClickHouseOptions options, string name, int size, (string Name, string Value)[] settings)
    {
        (this.engine, this.options, this.name, this.settings) = (engine, options, name, settings);
        free = new SemaphoreSlim(size, size);
        Own = BaseSettings.For(options).Concat(settings).ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
    }

    /// <summary>The settings a connection of this pool returns to.</summary>
    public IReadOnlyDictionary<string, string> Own { get; }

    /// <summary>Every open connection, for the watchdog.</summary>
    public IEnumerable<Connection> All => all.Keys;

    /// <summary>Opens all connections at once: connecting touches signal handlers, so it is best done before there is work.</summary>
    public static async Task<ConnectionPool> OpenAsync(Engine engine, ClickHouseOptions options, string name, int size,
        params (string Name, string Value)[] settings)
    {
        var pool = new ConnectionPool(engine, options, name, size, settings);
        for (var i = 0; i < size; i++)
        {
            pool.idle.Add(await pool.ConnectAsync());
        }
        return pool;
    }

    /// <summary>Takes a connection, waiting in line for it.</summary>
    /// <exception cref="QueryException">The line is full, or the turn did not come within
    /// <see cref="ClickHouseOptions.MaxWaitSeconds"/>.</exception>
    public async Task<Connection> BorrowAsync(CancellationToken cancel)
    {
        if (!free.Wait(0, cancel))
        {
            if (Interlocked.Increment(ref waiting) > options.MaxWaiting)
            {
                Interlocked.Decrement(ref waiting);
                throw new QueryException(ErrorCode.TooManySimultaneousQueries, $"Too many simultaneous queries: {name} are all busy and " +
                    $"{options.MaxWaiting} requests wait (--max-waiting). Try again later.");
            }
            try
            {
                if (!await free.WaitAsync(TimeSpan.FromSeconds(options.MaxWaitSeconds), cancel))
                {
                    throw new QueryException(ErrorCode.TooManySimultaneousQueries, $"Too many simultaneous queries: no {name} became " +
                        $"free within {options.MaxWaitSeconds} seconds (--max-wait-seconds). Try again later.");
                }
            }
            finally
            {
                Interlocked.Decrement(ref waiting);
            }
        }
        try
        {
            return idle.TryTake(out var connection) ? connection : await ConnectAsync();
        }
        catch
        {
            free.Release();
            throw;
        }
    }

    /// <summary>Gives a connection back, first taking away the settings the request made.</summary>
    public async Task ReturnAsync(Connection connection, IReadOnlyCollection<string> changed)
    {
        var whole = false;
        try
        {
            var reset = changed.Count == 0 ? default : await connection.RunAsync(Settings.Reset(changed, Own));
            whole = reset.Error is null;
        }
        finally
        {
            if (whole)
            {
                idle.Add(connection);
            }
            else
            {
                // The next borrower opens another one.
                all.TryRemove(connection, out _);
                connection.Dispose();
            }

            free.Release();
        }
    }

    /// <summary>Ends the line in front. The connections stay open: closing the last is the engine's way out.</summary>
    public void Dispose() => free.Dispose();

    private async Task<Connection> ConnectAsync()
    {
        var connection = await engine.ConnectAsync($"{name}-{Interlocked.Increment(ref made)}", settings);
        all[connection] = true;
        return connection;
    }
}
