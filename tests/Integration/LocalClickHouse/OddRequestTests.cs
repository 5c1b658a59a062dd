using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Streaming.LocalClickHouse.Http;
using Streaming.LocalClickHouse.Statements;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>Malformed requests get a 4xx and a sentence, and leave no connection, file or setting behind.</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class OddRequestTests(ClickHouseFixture fixture)
{
    private static readonly ErrorCode[] NotTheClients = [ErrorCode.TooManySimultaneousQueries, ErrorCode.NotEnoughSpace, ErrorCode.Unknown,
        ErrorCode.QueryWasCancelled];

    private readonly EmbeddedClickHouse server = fixture.Server;

    public static TheoryData<int> ErrorsOfClients => [.. Enum.GetValues<ErrorCode>().Except(NotTheClients).Select(c => (int)c)];

    [Theory]
    [MemberData(nameof(ErrorsOfClients))]
    public void A_refused_request_gets_a_4xx_status(int code) => Assert.InRange(ErrorStatus.Of(code), 400, 499);

    [Theory]
    [InlineData("query=%", "36")]
    [InlineData("query=SELECT+'%zz'", "36")]
    [InlineData("query=SELECT+'%ff%fe'", "36")]
    [InlineData("query=SELECT+'%ed%a0%80'", "36")]
    [InlineData("query=SELECT+1&param_x=%c0%ae", "36")]
    [InlineData("query=SELECT+1&%ff=1", "36")]
    [InlineData("query=SELECT+'%00'", "62")]
    [InlineData("query=SELECT+1%00", "62")]
    [InlineData("query=SELECT%E2%80%831", "62")]
    [InlineData("QUERY=SELECT+1", "115")]
    [InlineData("query=SELECT+1&MAX_THREADS=1", "115")]
    [InlineData("query=SELECT+1&Session_Id=a", "115")]
    [InlineData("query=SELECT+1&query%00=1", "115")]
    [InlineData("query=SELECT+1&profile=default", "115")]
    [InlineData("query=SELECT+1&t_structure=a+UInt8", "115")]
    [InlineData("query=SELECT+1&max_threads=1&max_threads=0", "452")]
    [InlineData("query=SELECT+1&session_timezone=../../etc/passwd", "452")]
    [InlineData("query=SELECT+1&session_timezone=Nowhere", "36")]
    [InlineData("query=SELECT+1&role=a&role=b", "344")]
    [InlineData("query=SELECT+1&session_id=", "344")]
    [InlineData("query=SELECT+1&default_format=%00", "73")]
    [InlineData("query=SELECT+1&database=a%00b", "81")]
    [InlineData("query=SELECT+1&database=a%60;+DROP+TABLE+x", "81")]
    [InlineData("query=CREATE+TABLE+odd+(n+UInt8)+ENGINE=Memory", "164")]
    public async Task An_odd_url_is_refused(string url, string code) => await RefusedAsync("GET", url, "", "", code);

    [Theory]
    [InlineData("Array(UInt8)", "1", "130")]
    [InlineData("Nullable(UInt8)", "x", "457")]
    [InlineData("Nullable(UInt8)", "\\", "33")]
    [InlineData("Enum8('a' = 1)", "b", "691")]
    [InlineData("Map(String, UInt8)", "[1]", "27")]
    [InlineData("FixedString(3)", "longer", "131")]
    [InlineData("Bool", "maybe", "467")]
    [InlineData("UUID", "1", "376")]
    [InlineData("Identifier", "a b", "36")]
    [InlineData("Nonsense", "1", "50")]
    [InlineData("AggregateFunction(file, String)", "1", "497")]
    [InlineData("UInt8", null, "456")]
    public async Task A_parameter_that_does_not_fit_is_refused(string type, string? value, string code) =>
        await RefusedAsync("GET", $"query={Uri.EscapeDataString($"SELECT {{x:{type}}}")}" + (value is null ? ""
            : $"&param_x={Uri.EscapeDataString(value)}"), "", "", code);

    [Theory]
    [InlineData("Content-Type: multipart/form-data; boundary=x", "344")]
    [InlineData("Content-Encoding: lz4", "48")]
    [InlineData("Content-Encoding: gzip, gzip", "48")]
    [InlineData("Content-Encoding: gzip", "271")]
    [InlineData("X-ClickHouse-Database: /etc", "81")]
    [InlineData("X-ClickHouse-Database: system", "497")]
    [InlineData("X-ClickHouse-Format: Template", "73")]
    [InlineData("X-ClickHouse-Query-Id: \u00ff", "36")]
    public async Task An_odd_header_is_refused(string header, string code) =>
        await RefusedAsync("POST", "", header + "\r\n", "SELECT 1", code);

    [Theory]
    [InlineData("zz\r\nSELECT 1\r\n0\r\n\r\n")]
    [InlineData("-8\r\nSELECT 1\r\n0\r\n\r\n")]
    [InlineData("0x8\r\nSELECT 1\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\nSELECT 1\r\n0\r\n\r\n")]
    [InlineData("4\r\nSELECT 1\r\n0\r\n\r\n")]
    public async Task A_body_whose_chunks_are_wrong_is_refused(string chunks)
    {
        var answer = await SendAsync("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n", chunks);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("chunk", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT /?query=SELECT+1")]
    [InlineData("OPTIONS /?query=SELECT+1")]
    [InlineData("TRACE /?query=SELECT+1")]
    [InlineData("DELETE /?query=SELECT+1")]
    [InlineData("OPTIONS *")]
    [InlineData("GET /elsewhere")]
    public async Task Unknown_methods_and_paths_get_404_or_405(string line)
    {
        var answer = await SendAsync(line + " HTTP/1.1", "Content-Length: 0\r\n", "");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        Assert.Contains("There is no handle", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /?query=SELECT+41%2B1 HTTP/1.0", "", "")]
    [InlineData("POST / HTTP/1.0", "Content-Length: 11\r\n", "SELECT 41+1")]
    [InlineData("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n", "b;a=b\r\nSELECT 41+1\r\n0\r\nX-ClickHouse-Database: nowhere\r\n\r\n")]
    [InlineData("GET /?query=SELECT+1&query=SELECT+41%2B1 HTTP/1.1", "", "")]
    [InlineData("GET /?query=SELECT+41%2B1&quota_key=x&log_comment=%27 HTTP/1.1", "X-ClickHouse-Quota: x\r\n", "")]
    public async Task Unusual_but_valid_requests_are_answered(string line, string headers, string body)
    {
        var answer = await SendAsync(line, headers, body);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("42\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameter_names_are_case_sensitive() =>
        Assert.EndsWith("1\t2\n", await server.Http.GetStringAsync("/?query=SELECT+{a:UInt8},{A:UInt8}&param_a=1&param_A=2"),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_HEAD_answer_has_no_body_and_a_long_URL_is_accepted()
    {
        Assert.EndsWith("\r\n\r\n", await SendAsync("HEAD /?query=SELECT+1 HTTP/1.1", "", ""), StringComparison.Ordinal);
        Assert.Contains("1\n", await SendAsync($"GET /?query=SELECT+1&log_comment={new string('a', 900_000)} HTTP/1.1", "", ""),
            StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await SendAsync($"GET /?query={new string('a', 1 << 20)} HTTP/1.1", "", ""),
            StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string method, string url, string headers, string body, string code)
    {
        const string State = "SELECT timezone(), currentDatabase(), getSetting('max_threads'), count() FROM system.tables";
        var before = await server.QueryAsync(State);
        var length = body.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        var answer = await SendAsync($"{method} /?{url} HTTP/1.1", headers + length, body);
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Contains($"X-ClickHouse-Exception-Code: {code}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"Code: {code}. DB::Exception: ", answer, StringComparison.Ordinal);
        Assert.Equal(before, await server.QueryAsync(State));
    }

    /// <summary>Everything the server answers until it closes the connection.</summary>
    private async Task<string> SendAsync(string line, string headers, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{line}\r\nHost: localhost\r\nX-ClickHouse-Key: {EmbeddedClickHouse.Password}\r\n" +
            $"Connection: close\r\n{headers}\r\n{body}"));
        return await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync();
    }
}
