using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace Streaming.ClickHouse.Client;

/// <summary>ClickHouse over its HTTP interface. Thread-safe; one for the whole process.</summary>
public sealed class ClickHouseClient : IClickHouse
{
    private const int MostOfAnError = 2_000;

    private readonly HttpClient http;
    private readonly ClickHouseSettings settings;

    /// <summary>A client for one server.</summary>
    /// <param name="settings">Validated settings.</param>
    /// <param name="handler">How requests travel; by default over pooled TCP connections. Disposed with the client.</param>
    public ClickHouseClient(ClickHouseSettings settings, HttpMessageHandler? handler = null)
    {
        this.settings = settings;
        handler ??= new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, BaseAddress = new Uri(settings.Url) };
        if (settings.User.Length == 0) return;
        http.DefaultRequestHeaders.Add("X-ClickHouse-User", settings.User);
        http.DefaultRequestHeaders.Add("X-ClickHouse-Key", settings.Password);
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
        var url = new StringBuilder("/?database=").Append(Uri.EscapeDataString(database ?? Database));
        url.Append("&default_format=").Append(Uri.EscapeDataString(format));
        foreach (var (name, value) in querySettings ?? new Dictionary<string, string>())
            url.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        foreach (var (name, value) in parameters ?? new Dictionary<string, string>())
            url.Append("&param_").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(EscapeTabSeparated(value)));
        return await SendAsync(url.ToString(), new StringContent(sql, Encoding.UTF8), stop);
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

        // No background insert: an answer means it is there. The sizes keep one block one part. Its rows are added up already: the server
        // need not try.
        var url = $"/?{Once(mark)}&async_insert=0&optimize_on_insert=0&max_insert_threads=1&max_insert_block_size=10000000&min_insert_block_size_rows=0"
            + "&min_insert_block_size_bytes=0"
            + $"&database={Uri.EscapeDataString(settings.Database)}"
            + $"&query={Uri.EscapeDataString($"INSERT INTO {table} /* {mark} */ FORMAT Native")}";
        await SendAsync(url, BlockContent(block), stop);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // One server: no deduplication. By content, two equal blocks would be one; by token, a server killed at the wrong moment keeps the
    // token and not the block. Replicas keep token and block in Keeper in one transaction: there the token makes a repeat harmless on
    // whichever replica it arrives, and an answer means that most replicas have the block.
    private string Once(string mark) => settings.Cluster.Length == 0
        ? "insert_deduplicate=0"
        : $"insert_deduplicate=1&insert_deduplication_token={Uri.EscapeDataString(mark)}&insert_quorum=auto&insert_quorum_timeout={(long)settings.Timeout.TotalMilliseconds}";

    private ByteArrayContent BlockContent(byte[] block)
    {
        if (!settings.Gzip) return new ByteArrayContent(block);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(block);
        return new ByteArrayContent(packed.ToArray()) { Headers = { { "Content-Encoding", "gzip" } } };
    }

    private async Task<string> SendAsync(string url, HttpContent content, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(settings.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            if (response.StatusCode == HttpStatusCode.OK && !response.Headers.Contains("X-ClickHouse-Exception-Code")) return text;
            throw Refused(response, text);
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

    private ClickHouseException Refused(HttpResponseMessage response, string text)
    {
        var code = response.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var whose = ClickHouseException.Classify(code, (int)response.StatusCode);
        text = text.Trim();
        if (text.Length > MostOfAnError) text = text[..MostOfAnError] + "…";
        return new ClickHouseException(whose, code,
            $"ClickHouse at {settings.Url} answered {(int)response.StatusCode}: {text}{ClickHouseException.Advice(whose)}");
    }

    /// <summary>A parameter's value as it travels.</summary>
    public static string EscapeTabSeparated(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
