using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

[Collection(nameof(ClickHouseCollection))]
public sealed class InsertTests(ClickHouseFixture fixture)
{
    private readonly EmbeddedClickHouse server = fixture.Server;

    [Theory]
    [InlineData("Native")]
    [InlineData("RowBinary")]
    [InlineData("RowBinaryWithNamesAndTypes")]
    [InlineData("TabSeparated")]
    [InlineData("CSV")]
    [InlineData("CSVWithNames")]
    [InlineData("JSONEachRow")]
    [InlineData("JSONCompactEachRow")]
    [InlineData("Values")]
    public async Task Rows_of_every_format_can_be_inserted_as_they_were_read(string format)
    {
        var table = await MakeTableAsync(format);
        const string rows = "SELECT number AS id, toString(number) || '\\'\\n\\t\\\\,\"' AS s, number / 4 AS d, if(number % 3 = 0, NULL, " +
            "number) AS n, [number, number + 1] AS a FROM numbers(20000)";
        var data = await BytesAsync($"{rows} FORMAT {format}");

        var summary = await InsertAsync($"INSERT INTO {table} FORMAT {format}", data);

        Assert.Equal("20000", summary.GetProperty("written_rows").GetString());
        Assert.Equal(
            await server.QueryAsync($"SELECT count(), sum(cityHash64(*)) FROM ({rows})"),
            await server.QueryAsync($"SELECT count(), sum(cityHash64(*)) FROM {table}"));
        Assert.Equal("1", await server.QueryAsync($"SELECT count() FROM system.parts WHERE table = '{table}'"));
    }

    [Fact]
    public async Task A_large_insert_goes_in_chunked_and_gzipped()
    {
        var table = await MakeTableAsync("large");
        using var content = new PushContent(async stream =>
        {
            await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            var row = Encoding.ASCII.GetBytes($$"""{"id":1,"s":"{{new string('x', 200)}}"}""" + "\n");
            for (var i = 0; i < 500_000; i++)
            {
                await gzip.WriteAsync(row);
            }
        });
        content.Headers.ContentEncoding.Add("gzip");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/?query=INSERT+INTO+{table}+FORMAT+JSONEachRow") { Content =
            content };
        request.Headers.TransferEncodingChunked = true;
        using var response = await server.Http.SendAsync(request);

        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Equal("500000", await server.QueryAsync($"SELECT count() FROM {table}"));
    }

    [Fact]
    public async Task An_interrupted_insert_changes_nothing()
    {
        var table = await MakeTableAsync("broken_off");
        var row = Encoding.ASCII.GetBytes("""{"id":1}""" + "\n");
        using var content = new PushContent(async stream =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                await stream.WriteAsync(row);
            }
            throw new IOException("the client goes away");
        });
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/?query_id=broken_off&query=INSERT+INTO+{table}+FORMAT+JSONEachRow") { Content = content };
        await Assert.ThrowsAnyAsync<Exception>(() => server.Http.SendAsync(request));

        // The id is free again when the server has done with the request.
        await Until.TrueAsync(async () =>
            (await server.Http.GetAsync("/?query_id=broken_off&query=SELECT+1")).StatusCode == HttpStatusCode.OK);
        Assert.Equal("0", await server.QueryAsync($"SELECT count() FROM {table}"));
    }

    [Theory]
    [InlineData("JSONEachRow", "{\"id\":1}\n{\"id\":\"zz\"}\n")]
    [InlineData("CSV", "1,a\nx,b\n")]
    [InlineData("Native", "garbage")]
    [InlineData("RowBinary", "\u0001")]
    [InlineData("Values", "(1,'a',0,NULL,[]), (2")]
    public async Task An_insert_with_a_bad_row_inserts_nothing(string format, string data)
    {
        var table = await MakeTableAsync("bad_" + format);
        using var response = await server.Http.PostAsync($"/?query=INSERT+INTO+{table}+FORMAT+{format}", new StringContent(data));
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("Code: ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("0", await server.QueryAsync($"SELECT count() FROM {table}"));
    }

    [Theory]
    [InlineData("VALUES")]
    [InlineData("FORMAT Values")]
    public async Task Values_may_be_expressions_but_not_reach_files(string clause)
    {
        var table = await MakeTableAsync("expressions_" + clause.Replace(' ', '_'));
        await server.QueryAsync($"INSERT INTO {table} (id, s) {clause} (1 + 2, upper('x'))");
        Assert.Equal("3\tX", await server.QueryAsync($"SELECT id, s FROM {table}"));

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => server.QueryAsync($"INSERT INTO {table} (id, s) {clause} (1, " +
            $"file('/etc/hostname'))"));
        Assert.Contains("Code: 497", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What is too long to be looked through is taken as literals, and no setting makes it more.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("SETTINGS input_format_values_interpret_expressions = 1")]
    [InlineData("SETTINGS input_format_values_deduce_templates_of_expressions = 1")]
    public async Task Values_of_a_long_insert_may_only_be_literals(string settings)
    {
        var table = await MakeTableAsync("long_values_" + settings.Length);
        var rows = string.Join(", ", Enumerable.Range(0, 50_000).Select(i => $"({i}, 'x')"));
        await server.QueryAsync($"INSERT INTO {table} (id, s) VALUES {rows}");
        Assert.Equal("50000", await server.QueryAsync($"SELECT count() FROM {table}"));

        foreach (var expression in (string[])["file('/etc/hostname')", "upper('x')"])
        {
            await Assert.ThrowsAsync<HttpRequestException>(() =>
                server.QueryAsync($"INSERT INTO {table} (id, s) {settings} VALUES {rows}, (1, {expression})"));
        }
    }

    [Fact]
    public async Task Inserting_the_same_block_twice_gives_its_rows_twice()
    {
        var table = await MakeTableAsync("twice");
        for (var i = 0; i < 2; i++)
        {
            await server.QueryAsync($"INSERT INTO {table} (id) VALUES (1), (2)");
        }
        Assert.Equal("4", await server.QueryAsync($"SELECT count() FROM {table}"));
    }

    [Fact]
    public async Task Settings_of_asynchronous_inserts_are_taken_and_the_rows_are_there()
    {
        var table = await MakeTableAsync("asynchronous");
        await InsertAsync($"INSERT INTO {table} (id) FORMAT CSV", "1\n"u8.ToArray(), "&async_insert=1&wait_for_async_insert=0");
        await InsertAsync($"INSERT INTO {table} (id) SETTINGS async_insert=1, wait_for_async_insert=0 FORMAT CSV", "2\n"u8.ToArray());
        Assert.Equal("2", await server.QueryAsync($"SELECT count() FROM {table}"));
    }

    [Fact]
    public async Task Inserts_side_by_side_all_arrive()
    {
        var table = await MakeTableAsync("side_by_side");
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i =>
            InsertAsync($"INSERT INTO {table} (id) FORMAT CSV", Encoding.ASCII.GetBytes($"{i}\n"))));
        Assert.Equal("64\t64", await server.QueryAsync($"SELECT count(), uniqExact(id) FROM {table}"));
    }

    private async Task<string> MakeTableAsync(string name)
    {
        var table = "insert_" + name.ToLowerInvariant();
        await server.QueryAsync($"CREATE TABLE {table} (id UInt64, s String, d Float64, n Nullable(UInt64), a Array(UInt64)) ENGINE = " +
            $"MergeTree ORDER BY id");
        return table;
    }

    private async Task<byte[]> BytesAsync(string sql)
    {
        using var response = await server.Http.PostAsync("/", new StringContent(sql));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<JsonElement> InsertAsync(string head, byte[] data, string settings = "")
    {
        using var response = await server.Http.PostAsync($"/?query={Uri.EscapeDataString(head)}{settings}", new ByteArrayContent(data));
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        return JsonDocument.Parse(response.Headers.GetValues("X-ClickHouse-Summary").Single()).RootElement;
    }

    /// <summary>A body of unknown length that is written as it is sent.</summary>
    private sealed class PushContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
