using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

[Collection(nameof(ClickHouseCollection))]
public sealed class QueryTests(ClickHouseFixture fixture)
{
    private readonly EmbeddedClickHouse server = fixture.Server;

    [Theory]
    [InlineData("/ping")]
    [InlineData("/replicas_status")]
    [InlineData("/")]
    public async Task Health_checks_say_ok(string path) =>
        Assert.Equal("Ok.\n", await server.Http.GetStringAsync(path));

    [Fact]
    public async Task An_unknown_path_is_404() =>
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/nothing-here")).StatusCode);

    [Fact]
    public async Task URL_and_body_together_form_the_query()
    {
        Assert.Equal("1\n", await server.Http.GetStringAsync("/?query=SELECT+1"));
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
        using var both = await server.Http.PostAsync("/?query=SELECT+1", new StringContent("+ 1"));
        Assert.Equal("2\n", await both.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_response_headers_describe_the_result()
    {
        using var response = await server.Http.GetAsync("/?query_id=my-query&query=SELECT+number+FROM+numbers(7)+FORMAT+JSONEachRow");

        Assert.Equal("JSONEachRow", Header(response, "X-ClickHouse-Format"));
        Assert.Equal("my-query", Header(response, "X-ClickHouse-Query-Id"));
        Assert.Equal(await server.QueryAsync("SELECT timezone()"), Header(response, "X-ClickHouse-Timezone"));
        Assert.Equal("application/x-ndjson; charset=UTF-8", response.Content.Headers.ContentType!.ToString());
        var summary = JsonDocument.Parse(Header(response, "X-ClickHouse-Summary")).RootElement;
        Assert.Equal("7", summary.GetProperty("result_rows").GetString());
        Assert.Equal("7", summary.GetProperty("read_rows").GetString());
        Assert.NotEqual("0", summary.GetProperty("elapsed_ns").GetString());
    }

    [Theory]
    [InlineData("default_format=CSV", null, "CSV")]
    [InlineData("a=0", "JSONCompact", "JSONCompact")]
    [InlineData("a=0", null, "TabSeparated")]
    public async Task The_format_comes_from_the_url_the_header_or_the_default(string url, string? header, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/?query=SELECT+1&" + url.Replace("a=0", "max_block_size=100"));
        if (header is not null)
        {
            request.Headers.Add("X-ClickHouse-Format", header);
        }
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(expected, Header(response, "X-ClickHouse-Format"));
    }

    [Theory]
    [InlineData("SELECT nope", 404, "47", "UNKNOWN_IDENTIFIER")]
    [InlineData("SELEC 1", 400, "62", "SYNTAX_ERROR")]
    [InlineData("SELECT * FROM nothing", 404, "60", "UNKNOWN_TABLE")]
    [InlineData("SELECT toInt32('x')", 400, "6", "CANNOT_PARSE_TEXT")]
    [InlineData("SELECT throwIf(1)", 500, "395", "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO")]
    [InlineData("", 400, "62", "SYNTAX_ERROR")]
    [InlineData("SELECT 1; SELECT 2", 400, "62", "Multi-statements are not allowed")]
    [InlineData("SELECT 'open", 400, "62", "quote")]
    public async Task Errors_have_the_status_code_and_text_of_a_server(string sql, int status, string code, string part)
    {
        using var response = await server.Http.PostAsync("/", new StringContent(sql));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, Header(response, "X-ClickHouse-Exception-Code"));
        Assert.StartsWith($"Code: {code}. DB::Exception: ", text, StringComparison.Ordinal);
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.DoesNotContain("/proc/", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_are_values_never_text()
    {
        var hostile = "'; DROP TABLE t; -- \\\\ \\t";
        using var response = await server.Http.GetAsync($"/?query=SELECT+{{x:String}}&default_format=TSVRaw&param_x={Uri.EscapeDataString(hostile)}");
        Assert.Equal("'; DROP TABLE t; -- \\ \t\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Settings_and_database_hold_for_their_request_only()
    {
        await server.QueryAsync("CREATE DATABASE IF NOT EXISTS other");
        const string question = "SELECT getSetting('max_block_size'), currentDatabase()";
        for (var i = 0; i < 20; i++)
        {
            using var changed = await server.Http.PostAsync("/?max_block_size=123&database=other", new StringContent(question));
            Assert.Equal("123\tother\n", await changed.Content.ReadAsStringAsync());
            Assert.Equal("65409\tdefault", await server.QueryAsync(question));
            await Assert.ThrowsAsync<HttpRequestException>(() => server.QueryAsync("SET max_block_size = 7"));
            await Assert.ThrowsAsync<HttpRequestException>(() => server.QueryAsync("USE other"));
            await server.QueryAsync("SELECT 1 SETTINGS max_block_size = 7");
            Assert.Equal("65409\tdefault", await server.QueryAsync(question));
        }
    }

    [Theory]
    [InlineData("nosuch=1", 404, "115")]
    [InlineData("max_memory_usage=0", 400, "452")]
    [InlineData("max_execution_time=999999", 400, "452")]
    [InlineData("a'b=1", 404, "115")]
    [InlineData("database=nosuch", 404, "81")]
    [InlineData("session_id=s", 400, "344")]
    [InlineData("database=system", 403, "497")]
    [InlineData("default_format=Template", 404, "73")]
    [InlineData("max_parser_depth=1000000000", 404, "115")]
    [InlineData("format_template_row=/etc/passwd", 404, "115")]
    [InlineData("additional_result_filter=0", 404, "115")]
    public async Task Wrong_settings_are_refused(string url, int status, string code)
    {
        using var response = await server.Http.GetAsync("/?query=SELECT+1&" + url);
        Assert.Equal((status, code), ((int)response.StatusCode, Header(response, "X-ClickHouse-Exception-Code")));
    }

    [Fact]
    public async Task A_GET_request_cannot_write()
    {
        using var response = await server.Http.GetAsync("/?query=CREATE+TABLE+x+(a+Int8)+ENGINE=Memory");
        Assert.Equal("164", Header(response, "X-ClickHouse-Exception-Code"));
    }

    [Theory]
    [InlineData("JSON")]
    [InlineData("RowBinaryWithNamesAndTypes")]
    [InlineData("Native")]
    [InlineData("CSVWithNames")]
    [InlineData("Parquet")]
    public async Task A_large_result_is_the_same_streamed_and_at_once(string format)
    {
        var sql = $"SELECT number, toString(number) AS s FROM numbers(300000) FORMAT {format} SETTINGS max_threads = 1, output_format_write_statistics = 0";
        var streamed = await (await server.Http.PostAsync("/", new StringContent(sql))).Content.ReadAsByteArrayAsync();
        var whole = await (await server.Http.PostAsync("/?wait_end_of_query=1", new StringContent(sql))).Content.ReadAsByteArrayAsync();
        Assert.True(streamed.Length > 1 << 20);
        Assert.Equal(whole, streamed);
    }

    [Fact]
    public async Task An_error_after_the_first_bytes_ends_the_response_with_its_message()
    {
        using var response = await server.Http.GetAsync(
            "/?query=SELECT+number,+throwIf(number=5000000)+FROM+numbers(10000000)&max_threads=1", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var tag = Header(response, "X-ClickHouse-Exception-Tag");
        var tail = new StringBuilder();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[64 << 10];
            for (int read; (read = await body.ReadAsync(buffer)) > 0;)
            {
                tail.Append(Encoding.UTF8.GetString(buffer, 0, read));
                tail.Remove(0, Math.Max(0, tail.Length - 2000));
            }
        });
        Assert.Contains($"__exception__\r\n{tag}\r\nCode: 395.", tail.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_works_both_ways_and_can_be_declined()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/?enable_http_compression=1") { Content = Gzip("SELECT number FROM numbers(1000)") };
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var response = await server.Http.SendAsync(request);
        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        using var text = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
        Assert.EndsWith("\n998\n999\n", await text.ReadToEndAsync(), StringComparison.Ordinal);

        using var plain = new HttpRequestMessage(HttpMethod.Get, "/?enable_http_compression=0&query=SELECT+1");
        plain.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var answer = await server.Http.SendAsync(plain);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_query_is_stopped_when_its_client_disconnects()
    {
        using var leave = new CancellationTokenSource();
        var query = server.Http.GetAsync("/?query=SELECT+count()+FROM+numbers(1000000000000)+WHERE+number!=77", leave.Token);
        const string running = "SELECT count() FROM system.processes WHERE query LIKE '%number!=77%' AND query NOT LIKE '%processes%'";
        await Until.TrueAsync(async () => await server.QueryAsync(running) == "1");

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);

        await Until.TrueAsync(async () => await server.QueryAsync(running) == "0");
    }

    /// <summary>A KILL QUERY that arrives before the engine has listed the query has no effect, so the server must repeat it when a client
    /// leaves at once.</summary>
    [Fact]
    public async Task Queries_are_stopped_when_their_clients_disconnect_at_once()
    {
        const string running = "SELECT count() FROM system.processes WHERE query LIKE '%number!=79%' AND query NOT LIKE '%processes%'";
        var request = Encoding.ASCII.GetBytes("GET /?query=SELECT+count()+FROM+numbers(1000000000000)+WHERE+number!=79 HTTP/1.1\r\n" +
            $"Host: localhost\r\nX-ClickHouse-User: default\r\nX-ClickHouse-Key: {EmbeddedClickHouse.Password}\r\n\r\n");
        for (var i = 0; i < 200; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server.Http.BaseAddress!.Host, server.Http.BaseAddress.Port);
            await client.GetStream().WriteAsync(request);
            // the first one stays until its query runs: it is one that the server takes
            if (i == 0) await Until.TrueAsync(async () => await server.QueryAsync(running) == "1");
            // the engine has done more or less by the time the client leaves
            for (var asked = 0; asked < i % 3; asked++) await server.QueryAsync("SELECT 1");
        }

        await Until.TrueAsync(async () => await server.QueryAsync(running) == "0");
    }

    [Fact]
    public async Task A_client_that_disconnects_while_reading_frees_its_connection()
    {
        for (var i = 0; i < 20; i++)
        {
            using var response = await server.Http.GetAsync("/?query=SELECT+number+FROM+numbers(1000000000)",
                HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1000]);
        }
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task Queries_run_side_by_side_and_a_query_id_is_taken_once()
    {
        using var leave = new CancellationTokenSource();
        var slow = server.Http.GetAsync("/?query_id=slow&query=SELECT+count()+FROM+numbers(1000000000000)+WHERE+number!=78", leave.Token);
        await Until.TrueAsync(async () =>
            await server.QueryAsync("SELECT count() FROM system.processes WHERE query LIKE '%number!=78%' AND query NOT LIKE '%processes%'") == "1");

        using var second = await server.Http.GetAsync("/?query_id=slow&query=SELECT+1");
        Assert.Equal("216", Header(second, "X-ClickHouse-Exception-Code"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => server.QueryAsync($"SELECT {i}")));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i.ToString()), answers);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task A_query_is_killed_by_its_id_whatever_its_settings()
    {
        var endless = server.Http.PostAsync("/?query_id=to-be-killed&log_comment=mine",
            new StringContent("SELECT count() FROM numbers(1000000000000) WHERE number != 76 SETTINGS max_threads = 1"));
        // The engine forgets a kill that comes before it has listed the query, or while it prepares it: asked until it has ended.
        await Until.TrueAsync(async () =>
        {
            await server.QueryAsync("KILL QUERY WHERE query_id = 'to-be-killed' ASYNC");
            return endless.IsCompleted;
        });

        using var response = await endless;

        Assert.Equal("394", Header(response, "X-ClickHouse-Exception-Code"));
        Assert.Equal("", await server.QueryAsync("KILL QUERY WHERE query_id = 'to-be-killed'"));
    }

    [Theory]
    [InlineData("NOT ")]
    [InlineData("[")]
    [InlineData("1+")]
    [InlineData("(")]
    [InlineData("-")]
    public async Task A_deeply_nested_expression_gives_an_error_and_no_crash(string piece)
    {
        using var response = await server.Http.PostAsync("/",
            new StringContent("SELECT " + string.Concat(Enumerable.Repeat(piece, 60_000)) + "1"));
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task The_engine_runs_with_low_merge_priority_and_without_statistics()
    {
        Assert.Equal("10", await server.QueryAsync("SELECT value FROM system.server_settings WHERE name = 'os_threads_nice_value_merge_mutate'"));
        Assert.Equal("", await server.QueryAsync("SELECT value FROM system.merge_tree_settings WHERE name = 'auto_statistics_types'"));
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    private static ByteArrayContent Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
