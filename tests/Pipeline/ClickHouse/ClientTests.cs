using System.Net;
using System.Text;
using Streaming.ClickHouse.Client;

namespace Streaming.Pipeline.Tests.ClickHouse;

public class ClientTests
{
    private static readonly ClickHouseSettings Settings =
        new() { Url = "http://ch.example:8123/behind", User = "writer", Password = "s3cret", Database = "engagement" };

    [Fact]
    public async Task Values_and_the_password_stand_beside_the_statement()
    {
        using var server = new Server(_ => Text(HttpStatusCode.OK, "1\n"));
        using var client = new ClickHouseClient(Settings, server);
        Assert.Equal("1\n", await client.QueryAsync("SELECT {v:String}", new Dictionary<string, string> { ["v"] = "a\tb & c" },
            querySettings: new Dictionary<string, string> { ["readonly"] = "1" }));
        Assert.Equal("SELECT {v:String}", server.Body);
        Assert.Equal("http://ch.example:8123/behind", server.Url.GetLeftPart(UriPartial.Path));
        Assert.Equal(("TabSeparated", "engagement", "a\\tb & c", "1"),
            (server.Given("default_format"), server.Given("database"), server.Given("param_v"), server.Given("readonly")));
        Assert.DoesNotContain("s3cret", server.Url.ToString(), StringComparison.Ordinal);
        Assert.Equal(Convert.ToBase64String("writer:s3cret"u8), server.Authorization);
    }

    [Fact]
    public async Task A_query_is_sent_with_the_settings_it_asks_for_and_no_others()
    {
        using var server = new Server(_ => Text(HttpStatusCode.OK, ""));
        using var client = new ClickHouseClient(Settings, server);
        await client.QueryAsync("SELECT 1");
        Assert.Equal(["database", "default_format", "enable_http_compression", "query_id"], server.Names.Order());
    }

    [Fact]
    public async Task A_block_is_sent_as_it_is_with_its_length_and_its_mark()
    {
        using var server = new Server(_ => Text(HttpStatusCode.OK, ""));
        using var client = new ClickHouseClient(Settings, server);
        await client.InsertAsync("health_rows", [1, 2, 3], "block 1 w-1 health_rows 2.");
        Assert.Matches(@"^INSERT INTO health_rows /\* block 1 w-1 health_rows 2\. \*/ +FORMAT Native$", server.Given("query"));
        Assert.Equal("\u0001\u0002\u0003", server.Body);
        Assert.Equal(3, server.Length);
        Assert.Equal(("0", "0", "1", null), (server.Given("insert_deduplicate"), server.Given("async_insert"),
            server.Given("max_insert_threads"), server.Given("insert_deduplication_token")));
    }

    [Theory]
    [InlineData(502, null, "<h1>502 Bad Gateway</h1> at 10:62", 0, Fault.Server)]
    [InlineData(404, null, "no such page, 62", 0, Fault.Setup)]
    [InlineData(500, "241", "Memory limit exceeded", 241, Fault.Server)]
    [InlineData(400, "62", "Syntax error", 62, Fault.Request)]
    [InlineData(200, "159", "1\nTimeout exceeded", 159, Fault.Server)]
    [InlineData(204, null, "", 0, Fault.Server)]
    public async Task A_refusals_code_is_what_its_header_says(int status, string? header, string text, int code, Fault whose)
    {
        using var server = new Server(_ => ModelClickHouse.Answer((HttpStatusCode)status, text, header));
        using var client = new ClickHouseClient(Settings, server);
        foreach (var act in (Func<Task>[])[() => client.QueryAsync("SELECT 1"), () => client.InsertAsync("t", [1], "m")])
        {
            var refused = await Assert.ThrowsAsync<ClickHouseException>(act);
            Assert.Equal((code, whose), (refused.Code, refused.Whose));
            Assert.Contains(text, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_long_refusal_is_told_in_part()
    {
        using var server = new Server(_ => Text(HttpStatusCode.InternalServerError, new string('x', 100_000)));
        using var client = new ClickHouseClient(Settings, server);
        var refused = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT 1"));
        Assert.InRange(refused.Message.Length, 2_000, 2_200);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task An_answer_that_does_not_end_is_given_up(HttpStatusCode status)
    {
        using var server = new Server(_ => new HttpResponseMessage(status) { Content = new StreamContent(new Endless()) });
        using var client = new ClickHouseClient(Settings with { Timeout = TimeSpan.FromMilliseconds(100) }, server);
        var late = await Assert.ThrowsAsync<ClickHouseException>(() => client.QueryAsync("SELECT 1"));
        Assert.Equal(Fault.Network, late.Whose);
        Assert.Contains("did not answer within", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_told_so_and_not_of_a_fault()
    {
        using var stop = new CancellationTokenSource();
        using var server = new Server(_ =>
        {
            stop.Cancel();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Endless()) };
        });
        using var client = new ClickHouseClient(Settings, server);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.QueryAsync("SELECT 1", stop: stop.Token));
    }

    [Fact]
    public void Settings_that_cannot_be_sent_are_told()
    {
        var errors = new List<string>();
        (Settings with { Url = "http://ch.example:0", User = "a:b", ReadUser = "c:d" }).Validate("ClickHouse", errors);
        Assert.Equal(["ClickHouse:Url", "ClickHouse:User", "ClickHouse:ReadUser"], errors.Select(e => e.Split(' ')[0]));
    }

    private static HttpResponseMessage Text(HttpStatusCode status, string text) => ModelClickHouse.Answer(status, text);

    /// <summary>Remembers a request, and answers it as a test says.</summary>
    private sealed class Server(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public Uri Url { get; private set; } = null!;

        public string Body { get; private set; } = "";

        public long? Length { get; private set; }

        public string? Authorization { get; private set; }

        public IEnumerable<string> Names => System.Web.HttpUtility.ParseQueryString(Url.Query).AllKeys!;

        public string? Given(string name) => System.Web.HttpUtility.ParseQueryString(Url.Query)[name];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Url = request.RequestUri!;
            Length = request.Content!.Headers.ContentLength;
            Body = Encoding.Latin1.GetString(await request.Content.ReadAsByteArrayAsync(cancellationToken));
            Authorization = request.Headers.Authorization?.Parameter;
            return answer(request);
        }
    }

    /// <summary>A body of which nothing ever comes.</summary>
    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
