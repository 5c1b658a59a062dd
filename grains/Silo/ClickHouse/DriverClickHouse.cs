using System.Collections.Concurrent;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using Streaming.ClickHouse.Client;

namespace Streaming.Silo.ClickHouse;

/// <summary>Statements and queries to ClickHouse through ClickHouse.Driver. Thread-safe; one for the whole process.</summary>
internal sealed class DriverClickHouse : IClickHouse
{
    private readonly ClickHouseSettings settings;
    private readonly HttpClient http;
    private readonly ConcurrentDictionary<string, ClickHouseConnection> connections = new(StringComparer.Ordinal);

    /// <summary>A client for one server.</summary>
    /// <param name="settings">Validated settings.</param>
    public DriverClickHouse(ClickHouseSettings settings)
    {
        this.settings = settings;
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = System.Net.DecompressionMethods.All,
        })
        { Timeout = settings.Timeout };
    }

    /// <inheritdoc/>
    public string Database => settings.Database;

    /// <inheritdoc/>
    public string Cluster => settings.Cluster;

    /// <inheritdoc/>
    public async Task<string> QueryAsync(
        string sql,
        IReadOnlyDictionary<string, string>? parameters = null,
        string format = "TabSeparated",
        string? database = null,
        IReadOnlyDictionary<string, string>? querySettings = null,
        CancellationToken stop = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(settings.Timeout);
        try
        {
            using var command = connections.GetOrAdd(database ?? Database, Connect).CreateCommand();
            command.CommandText = sql;
            command.CustomSettings["default_format"] = format;
            foreach (var (name, value) in querySettings ?? new Dictionary<string, string>()) command.CustomSettings[name] = value;

            // Not as parameters of the command: those are formatted by their .NET types, and these are written as ClickHouse writes them
            // already.
            foreach (var (name, value) in parameters ?? new Dictionary<string, string>())
                command.CustomSettings["param_" + name] = Streaming.ClickHouse.Client.ClickHouseClient.EscapeTabSeparated(value);
            using var result = await command.ExecuteRawResultAsync(limit.Token);
            using var text = new StreamReader(await result.ReadAsStreamAsync());
            return await text.ReadToEndAsync(limit.Token);
        }
        catch (ClickHouseServerException e)
        {
            var code = Math.Max(0, e.ErrorCode);
            var whose = ClickHouseException.Classify(code, 500);
            throw new ClickHouseException(whose, code,
                $"ClickHouse at {settings.Url} answered: {e.Message.Trim()}{ClickHouseException.Advice(whose)}", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new ClickHouseException(Fault.Network, 0, string.Create(CultureInfo.InvariantCulture,
                $"ClickHouse at {settings.Url} did not answer within {settings.Timeout.TotalSeconds} s (setting ClickHouse:Timeout)."), e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ClickHouseException(Fault.Network, 0, $"ClickHouse at {settings.Url} cannot be reached or broke off: {e.Message} " +
                $"(setting ClickHouse:Url).", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in connections.Values) connection.Dispose();
        http.Dispose();
    }

    private ClickHouseConnection Connect(string database)
    {
        var url = new Uri(settings.Url);
        return new ClickHouseConnection(
            new ClickHouseConnectionStringBuilder
            {
                Host = url.Host,
                Port = (ushort)url.Port,
                Protocol = url.Scheme,
                Path = url.AbsolutePath == "/" ? null : url.AbsolutePath,
                Database = database,
                Username = settings.User.Length > 0 ? settings.User : "default",
                Password = settings.Password,
                Compression = true,
                UseSession = false,
            }.ToString(),
            http);
    }
}
