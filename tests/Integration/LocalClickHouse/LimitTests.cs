using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Blocks;
using Streaming.LocalClickHouse.Statements;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

public sealed class LimitTests
{
    [Fact]
    public async Task A_query_beyond_the_connections_and_the_queue_gets_503()
    {
        await using var server = await EmbeddedClickHouse.StartAsync(arguments: ["--readers", "1", "--max-waiting", "0"]);
        using (var endless = await server.Http.GetAsync("/?query=SELECT+number+FROM+numbers(1000000000000)",
            HttpCompletionOption.ResponseHeadersRead))
        {
            using var refused = await server.Http.GetAsync("/?query=SELECT+1");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("202", refused.Headers.GetValues("X-ClickHouse-Exception-Code").Single());
            Assert.Contains("--max-waiting", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await Until.TrueAsync(async () => (await server.Http.GetAsync("/?query=SELECT+1")).StatusCode == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("SELECT count() FROM numbers(1000000000000)", 408, "159")]
    [InlineData("SELECT number, count() FROM numbers(100000000) GROUP BY number FORMAT Null", 500, "241")]
    public async Task Time_and_memory_of_a_query_are_bounded(string sql, int status, string code)
    {
        await using var server = await EmbeddedClickHouse.StartAsync(arguments: [
            "--max-query-seconds", code == "159" ? "1" : "300", "--max-query-memory", "100000000"]);
        using var response = await server.Http.PostAsync("/", new StringContent(sql));
        Assert.Equal((status, code), ((int)response.StatusCode, response.Headers.GetValues("X-ClickHouse-Exception-Code").Single()));
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_disconnected()
    {
        await using var server =
            await EmbeddedClickHouse.StartAsync(arguments: ["--max-query-seconds", "3", "--watchdog-seconds", "30", "--readers", "1"]);
        using var response = await server.Http.GetAsync("/?query=SELECT+number+FROM+numbers(1000000000000)",
            HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        // Nobody reads the body; the only reader connection comes back all the same.
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_gets_413()
    {
        await using var server = await EmbeddedClickHouse.StartAsync(arguments: ["--max-request-bytes", "1048576"]);
        await server.QueryAsync("CREATE TABLE t (s String) ENGINE = Memory");
        using var response = await server.Http.PostAsync("/?query=INSERT+INTO+t+FORMAT+CSV", new StringContent(new string('x', 2 << 20)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("--max-request-bytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Neither the disk nor a path of this machine is named to whoever sends nonsense.</summary>
    [Fact]
    public async Task A_malformed_body_gets_a_4xx_status()
    {
        await using var server = await EmbeddedClickHouse.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /?password={EmbeddedClickHouse.Password} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: " +
                $"chunked\r\n\r\nfffffffffffffffff\r\nSELECT 1"));
        var answer = await new StreamReader(stream).ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("spool", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "00FF")]
    [InlineData("deflate", "FFFFFFFF")]
    [InlineData("br", "FFFFFFFFFFFFFFFF")]
    [InlineData("zstd", "28B52FFDA0FFFFFF7F0000000000000000")]
    [InlineData("zstd", "502A4D18FFFFFFFF00000000")]
    [InlineData("zstd", "00FF00FF00FF")]
    [InlineData("GZIP", "53454C4543542031")]
    [InlineData("x-gzip", "1F8B08000000000000")]
    [InlineData("Deflate", "53454C4543542031")]
    [InlineData("BR", "53454C4543542031FFFF")]
    [InlineData("Zstd", "53454C4543542031")]
    public async Task A_body_with_a_wrong_content_encoding_gets_a_4xx_status(string encoding, string bytes)
    {
        await using var server = await EmbeddedClickHouse.StartAsync();
        using var content = new ByteArrayContent(Convert.FromHexString(bytes));
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await server.Http.PostAsync("/", content);
        Assert.Equal((HttpStatusCode.BadRequest, "271"),
            (response.StatusCode, response.Headers.GetValues("X-ClickHouse-Exception-Code").Single()));
        Assert.DoesNotContain("spool", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_unpacks_to_far_more_than_came_gets_413()
    {
        await using var server = await EmbeddedClickHouse.StartAsync();
        await server.QueryAsync("CREATE TABLE t (s String) ENGINE = Null");
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < 256; i++)
            {
                await gzip.WriteAsync(new byte[1 << 20]);
            }
        }
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await server.Http.PostAsync("/?query=INSERT+INTO+t+FORMAT+RawBLOB", content);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "307"),
            (response.StatusCode, response.Headers.GetValues("X-ClickHouse-Exception-Code").Single()));
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
    }

    [Fact]
    public void A_block_that_says_it_unpacks_to_more_than_16_MiB_is_refused_before_it_is_unpacked()
    {
        var block = CompressedBlock.Pack(new byte[1000]);
        BitConverter.TryWriteBytes(block.AsSpan(21), CompressedBlock.MaxBytes + 1);
        Assert.Equal((int)ErrorCode.TooManyBytes, Assert.Throws<QueryException>(() => CompressedBlock.DataBytes(block)).Error.Code);
    }

    [Fact]
    public async Task Buffered_bodies_on_disk_have_one_limit_together()
    {
        await using var server = await EmbeddedClickHouse.StartAsync(arguments: ["--max-request-bytes", "1048576", "--max-spool-bytes",
            "2097152"]);
        const string Large = "/?wait_end_of_query=1&query=SELECT+number+FROM+numbers(1000000)";
        using (var refused = await server.Http.GetAsync(Large))
        {
            Assert.Equal((HttpStatusCode.InsufficientStorage, "243"),
                (refused.StatusCode, refused.Headers.GetValues("X-ClickHouse-Exception-Code").Single()));
            Assert.Contains("--max-spool-bytes", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        // What was taken is given back.
        for (var i = 0; i < 4; i++)
        {
            using var fits = await server.Http.GetAsync(Large.Replace("1000000", "200000"));
            Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        }
    }

    [Fact]
    public async Task Wrong_settings_are_all_named_and_end_with_code_2()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => EmbeddedClickHouse.StartAsync(
            arguments: ["--listen", "everywhere", "--user", "reader", "--readers", "0", "--max-query-seconds", "0"]));
        Assert.Contains("code 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("--listen", error.Message, StringComparison.Ordinal);
        Assert.Contains("--user", error.Message, StringComparison.Ordinal);
        Assert.Contains("--readers", error.Message, StringComparison.Ordinal);
        Assert.Contains("--max-query-seconds", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256L << 20)]
    [InlineData(1L << 30)]
    [InlineData(64L << 30)]
    public void Whatever_memory_the_server_is_given_a_query_gets_half_unless_told_otherwise(long memory)
    {
        var options = new ClickHouseOptions { DataDirectory = "x", MaxServerMemoryBytes = memory };
        Assert.Empty(options.Validate());
        Assert.Equal(memory / 2, options.MaxQueryMemoryBytes);
        Assert.Equal(64L << 20, (options with { MaxQueryMemoryBytes = 64L << 20 }).MaxQueryMemoryBytes);
    }

    [Theory]
    [InlineData(300L << 20, 256L << 20)]
    [InlineData(2L << 30, 1L << 30)]
    [InlineData(64L << 30, 4L << 30)]
    public void The_default_of_the_servers_memory_is_within_its_range_on_every_machine(long available, long memory) =>
        Assert.Equal(memory, ClickHouseOptions.ServerMemory(available));

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new ClickHouseOptions { DataDirectory = "x" }.Validate());
}
