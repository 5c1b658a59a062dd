using System.Collections.Concurrent;

namespace Streaming.App.ClickHouse;

/// <summary>
/// A fixed number of connections, lent one request at a time, with a bounded line in front. A connection comes back with the settings and the
/// database it had; one that cannot be put back so is replaced. Thread-safe.
/// </summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly Engine _engine;
    private readonly ClickHouseOptions _options;
    private readonly string _name;
    private readonly (string Name, string Value)[] _settings;
    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly ConcurrentDictionary<Connection, bool> _all = [];
    private readonly SemaphoreSlim _free;
    private int _waiting;
    private int _made;

    private ConnectionPool(Engine engine, ClickHouseOptions options, string name, int size, (string Name, string Value)[] settings)
    {
        (_engine, _options, _name, _settings) = (engine, options, name, settings);
        _free = new SemaphoreSlim(size, size);
        Own = BaseSettings.For(options).Concat(settings).ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
    }

    /// <summary>The settings a connection of this pool returns to.</summary>
    public IReadOnlyDictionary<string, string> Own { get; }

    /// <summary>Every open connection, for the watchdog.</summary>
    public IEnumerable<Connection> All => _all.Keys;

    /// <summary>Opens all connections at once: connecting touches signal handlers, so it is best done before there is work.</summary>
    public static async Task<ConnectionPool> OpenAsync(Engine engine, ClickHouseOptions options, string name, int size, params (string Name, string Value)[] settings)
    {
        var pool = new ConnectionPool(engine, options, name, size, settings);
        for (var i = 0; i < size; i++)
        {
            pool._idle.Add(await pool.ConnectAsync());
        }
        return pool;
    }

    /// <summary>Takes a connection, waiting in line for it.</summary>
    /// <exception cref="QueryException">The line is full, or the turn did not come within <see cref="ClickHouseOptions.MaxWaitSeconds"/>.</exception>
    public async Task<Connection> BorrowAsync(CancellationToken cancel)
    {
        if (!_free.Wait(0, cancel))
        {
            if (Interlocked.Increment(ref _waiting) > _options.MaxWaiting)
            {
                Interlocked.Decrement(ref _waiting);
                throw new QueryException(ErrorCode.TooManySimultaneousQueries, $"Too many simultaneous queries: {_name} are all busy and {_options.MaxWaiting} requests wait (--max-waiting). Try again later.");
            }
            try
            {
                if (!await _free.WaitAsync(TimeSpan.FromSeconds(_options.MaxWaitSeconds), cancel))
                {
                    throw new QueryException(ErrorCode.TooManySimultaneousQueries, $"Too many simultaneous queries: no {_name} became free within {_options.MaxWaitSeconds} seconds (--max-wait-seconds). Try again later.");
                }
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
        try
        {
            return _idle.TryTake(out var connection) ? connection : await ConnectAsync();
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>Gives a connection back, first taking away the settings the request made.</summary>
    public async Task ReturnAsync(Connection connection, IReadOnlyCollection<string> changed)
    {
        try
        {
            var reset = changed.Count == 0 ? default : await connection.RunAsync(Settings.Reset(changed, Own));
            if (reset.Error is null)
            {
                _idle.Add(connection);
            }
            else
            {
                // The next borrower opens another one.
                _all.TryRemove(connection, out _);
                connection.Dispose();
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes every connection after what it runs.</summary>
    public void Dispose()
    {
        foreach (var connection in All)
        {
            connection.Dispose();
        }
        _free.Dispose();
    }

    private async Task<Connection> ConnectAsync()
    {
        var connection = await _engine.ConnectAsync($"{_name}-{Interlocked.Increment(ref _made)}", _settings);
        _all[connection] = true;
        return connection;
    }
}
