namespace Streaming.ClickHouse.Client;

/// <summary>Statements and small queries to one ClickHouse: what migrations, the ops API and dashboards need. Thread-safe.</summary>
/// <remarks>Never retries by itself: only the caller knows whether doing a thing twice is harmless.</remarks>
public interface IClickHouse : IDisposable
{
    /// <summary>The database every unqualified table name belongs to.</summary>
    string Database { get; }

    /// <summary>Name of the ClickHouse cluster whose servers replicate the tables; empty for one server.</summary>
    string Cluster { get; }

    /// <summary>Runs a statement, or a query whose answer is small: the whole answer in
    /// <paramref name="format"/>, by default tab-separated.</summary>
    /// <param name="sql">One statement; values go into <paramref name="parameters"/>, named <c>{name:Type}</c> here.</param>
    /// <param name="parameters">Values by name, as ClickHouse writes them.</param>
    /// <param name="format">Output format.</param>
    /// <param name="database">Another database than <see cref="Database"/>.</param>
    /// <param name="querySettings">ClickHouse settings for this statement alone, e.g. limits, by name.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <exception cref="ClickHouseException">Refused or not reached.</exception>
    Task<string> QueryAsync(
        string sql,
        IReadOnlyDictionary<string, string>? parameters = null,
        string format = "TabSeparated",
        string? database = null,
        IReadOnlyDictionary<string, string>? querySettings = null,
        CancellationToken stop = default);
}
