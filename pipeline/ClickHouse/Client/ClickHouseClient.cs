using System.Text;
using Driver = ClickHouse.Driver;

namespace Streaming.ClickHouse.Client;

/// <summary>ClickHouse over its HTTP interface, by ClickHouse.Driver. Thread-safe; one for the whole process.</summary>
public sealed class ClickHouseClient : IClickHouse
{
    private readonly ClickHouseSettings settings;
    private readonly HttpClient http;
    private readonly Driver.ClickHouseClient driver;

    /// <summary>A client for one server.</summary>
    /// <param name="settings">Validated settings.</param>
    /// <param name="handler">How requests travel; by default over pooled TCP connections. Disposed with the client.</param>
    public ClickHouseClient(ClickHouseSettings settings, HttpMessageHandler? handler = null)
    {
        this.settings = settings;
        handler ??= new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };

        // No time-out of its own: each request has one, which covers its answer's last byte too.
        http = new HttpClient(new RefusalHandler(settings.Url, handler)) { Timeout = Timeout.InfiniteTimeSpan };
        var url = new Uri(settings.Url);
        driver = new Driver.ClickHouseClient(new Driver.ADO.ClickHouseClientSettings
        {
            HttpClient = http,
            Protocol = url.Scheme,
            Host = url.Host,
            Port = (ushort)url.Port,
            Path = url.AbsolutePath,
            Database = settings.Database,
            Username = settings.User.Length > 0 ? settings.User : "default",
            Password = settings.Password,
            UseCompression = false,

            // Settings for columns of type JSON, which there are none of: not every user may set them, nor does every server know them.
            JsonReadMode = Driver.JsonReadMode.None,
            JsonWriteMode = Driver.JsonWriteMode.None,
        });
    }

    /// <inheritdoc/>
    public string Database => settings.Database;

    /// <inheritdoc/>
    public string Cluster => settings.Cluster;

    /// <inheritdoc/>
    public Task<string> QueryAsync(
        string sql,
        IReadOnlyDictionary<string, string>? parameters = null,
        string format = "TabSeparated",
        string? database = null,
        IReadOnlyDictionary<string, string>? querySettings = null,
        CancellationToken stop = default)
    {
        var beside = new Dictionary<string, object>(StringComparer.Ordinal) { ["default_format"] = format };
        foreach (var (name, value) in querySettings ?? new Dictionary<string, string>()) beside[name] = value;

        // Not as the driver's parameters: those are written from .NET's types, and these are as ClickHouse writes them already.
        foreach (var (name, value) in parameters ?? new Dictionary<string, string>()) beside["param_" + name] = EscapeTabSeparated(value);
        return WithinAsync(async limit =>
        {
            using var answer = await driver.ExecuteRawResultAsync(
                sql, new Driver.QueryOptions { Database = database, CustomSettings = beside }, limit);
            using var text = new StreamReader(await answer.ReadAsStreamAsync(), Encoding.UTF8);
            return await text.ReadToEndAsync(limit);
        }, stop);
    }

    /// <summary>Inserts one block, in Native format, as one part of one table.</summary>
    /// <param name="table">Table of <see cref="Database"/>: a plain identifier.</param>
    /// <param name="block">The block.</param>
    /// <param name="mark"> Names the block and no other. Stands as a comment in the statement, so that the insert can be found in
    /// <c>system.processes</c> after a doubt; in a cluster it is the deduplication token too.
    /// </param>
    /// <param name="stop">Gives up waiting; the insert may take effect all the same.</param>
    /// <exception cref="ClickHouseException">Refused or not reached. Unless nothing was sent, it may have taken effect.</exception>
    public async Task InsertAsync(string table, byte[] block, string mark, CancellationToken stop = default)
    {
        if (!ClickHouseSettings.IsIdentifier(table)) throw new ArgumentException($"\"{table}\" is no table name.", nameof(table));
        if (mark.Contains("*/", StringComparison.Ordinal))
        {
            throw new ArgumentException($"\"{mark}\" cannot stand in a comment.", nameof(mark));
        }

        var options = new Driver.QueryOptions { CustomSettings = InsertSettings(mark) };
        await WithinAsync(async limit =>
        {
            using var bytes = new MemoryStream(block, writable: false); // sent from where they are, with their length
            using var answer = await driver.InsertRawStreamAsync(
                $"{table} /* {mark} */", bytes, "Native", useCompression: settings.Gzip, options: options, cancellationToken: limit);
            return "";
        }, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        driver.Dispose();
        http.Dispose();
    }

    private Dictionary<string, object> InsertSettings(string mark)
    {
        // No background insert: an answer means it is there. The sizes keep one block one part. Its rows are added up already: the server
        // need not try.
        var given = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["async_insert"] = "0",
            ["optimize_on_insert"] = "0",
            ["max_insert_threads"] = "1",
            ["max_insert_block_size"] = "10000000",
            ["min_insert_block_size_rows"] = "0",
            ["min_insert_block_size_bytes"] = "0",

            // One server: no deduplication. By content, two equal blocks would be one; by token, a server killed at the wrong moment keeps
            // the token and not the block.
            ["insert_deduplicate"] = "0",
        };
        if (settings.Cluster.Length == 0) return given;

        // Replicas keep token and block in Keeper in one transaction: there the token makes a repeat harmless on whichever replica it
        // arrives, and an answer means that most replicas have the block.
        given["insert_deduplicate"] = "1";
        given["insert_deduplication_token"] = mark;
        given["insert_quorum"] = "auto";
        given["insert_quorum_timeout"] = (long)settings.Timeout.TotalMilliseconds;
        return given;
    }

    private async Task<string> WithinAsync(Func<CancellationToken, Task<string>> act, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(settings.Timeout);
        try
        {
            return await act(limit.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new ClickHouseException(Fault.Network, 0,
                $"ClickHouse at {settings.Url} did not answer within {settings.Timeout.TotalSeconds} s (setting Timeout of ClickHouse).", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ClickHouseException(Fault.Network, 0, $"ClickHouse at {settings.Url} cannot be reached or broke off: {e.Message} " +
                $"(setting Url of ClickHouse).", e);
        }
    }

    /// <summary>A parameter's value as it travels.</summary>
    private static string EscapeTabSeparated(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
