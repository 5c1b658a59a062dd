using System.Net;
using System.Text;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>Who gets in at the embedded ClickHouse, and who does not.</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class AccessTests(ClickHouseFixture fixture) : IDisposable
{
    private const string Query = "/?query=SELECT+1";
    private readonly HttpClient http = new() { BaseAddress = fixture.Server.Url };

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_query_needs_the_right_user_and_password()
    {
        Assert.Equal("Ok.\n", await http.GetStringAsync(new Uri("/ping", UriKind.Relative)));
        Assert.Equal((403, "516"), await AskAsync(Query));
        Assert.Equal((403, "516"), await AskAsync(Query + "&user=default&password=wrong"));
        Assert.Equal((403, "516"), await AskAsync(Query + "&user=reader&password=" + EmbeddedClickHouse.Password));
        Assert.Equal((403, "516"), await AskAsync(Query, ("Authorization", "Basic !!!")));
        Assert.Equal((403, "516"), await AskAsync(Query, ("Authorization", Basic("default", ""))));
        Assert.Equal((200, ""), await AskAsync(Query + "&password=" + EmbeddedClickHouse.Password));
        Assert.Equal((200, ""), await AskAsync(Query + "&user=reader&password=" + EmbeddedClickHouse.ReaderPassword));
        Assert.Equal((200, ""), await AskAsync(Query, ("X-ClickHouse-User", "default"), ("X-ClickHouse-Key", EmbeddedClickHouse.Password)));
        Assert.Equal((200, ""), await AskAsync(Query, ("Authorization", Basic("default", EmbeddedClickHouse.Password))));
    }

    [Fact]
    public async Task A_wrong_password_is_logged()
    {
        Assert.Equal((403, "516"), await AskAsync(Query + "&user=default&password=guessed"));
        await Until.TrueAsync(() => Task.FromResult(fixture.Server.Errors.Contains("wrong key or password from 127.0.0.1",
            StringComparison.Ordinal)));
        Assert.DoesNotContain("guessed", fixture.Server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example:8123")]
    [InlineData("Host", "localhost.evil.example")]
    [InlineData("Host", "192.0.2.1")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "app://{here}")]
    [InlineData("Origin", "http://{here}@evil.example")]
    [InlineData("Origin", "http://{here}, http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_foreign_Host_Origin_or_Sec_Fetch_Site_is_refused_despite_the_right_password(string header, string value)
    {
        value = value.Replace("{here}", http.BaseAddress!.Authority, StringComparison.Ordinal);
        Assert.Equal((403, "497"), await AskAsync(Query + "&password=" + EmbeddedClickHouse.Password, (header, value)));
        Assert.Equal((403, "497"), await AskAsync("/ping", (header, value)));
    }

    [Theory]
    [InlineData("Host", "localhost:8123")]
    [InlineData("Host", "[::1]")]
    [InlineData("Host", "127.0.0.1")]
    [InlineData("Sec-Fetch-Site", "none")]
    public async Task Host_names_of_this_machine_are_accepted(string header, string value) =>
        Assert.Equal((200, ""), await AskAsync(Query + "&password=" + EmbeddedClickHouse.Password, (header, value)));

    [Theory]
    [InlineData("CREATE TABLE of_the_reader (n UInt8) ENGINE = Memory")]
    [InlineData("CREATE DATABASE of_the_reader")]
    [InlineData("INSERT INTO for_the_reader VALUES (1)")]
    [InlineData("INSERT INTO for_the_reader SELECT 1")]
    [InlineData("ALTER TABLE for_the_reader DELETE WHERE 1")]
    [InlineData("DROP TABLE for_the_reader")]
    [InlineData("TRUNCATE TABLE for_the_reader")]
    [InlineData("KILL QUERY WHERE 1 ASYNC")]
    [InlineData("SYSTEM STOP MERGES")]
    public async Task The_reader_changes_nothing(string sql)
    {
        await fixture.Server.QueryAsync("CREATE TABLE IF NOT EXISTS for_the_reader (n UInt8) ENGINE = MergeTree ORDER BY n");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(sql) };
        request.Headers.Add("X-ClickHouse-User", "reader");
        request.Headers.Add("X-ClickHouse-Key", EmbeddedClickHouse.ReaderPassword);
        using var response = await http.SendAsync(request);
        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal("0", await fixture.Server.QueryAsync("SELECT count() FROM for_the_reader"));
        Assert.Equal("0", await fixture.Server.QueryAsync("SELECT count() FROM system.tables WHERE name = 'of_the_reader'"));
    }

    [Fact]
    public async Task A_preflight_request_is_refused_without_CORS_headers()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/");
        request.Headers.Add("Origin", "http://evil.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("a%0d%0aX-Evil:%201")]
    [InlineData("%C3%A9")]
    [InlineData("%00")]
    public async Task An_id_that_no_header_can_carry_is_refused(string id) =>
        Assert.Equal((400, "36"), await AskAsync($"{Query}&password={EmbeddedClickHouse.Password}&query_id={id}"));

    private static string Basic(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private async Task<(int Status, string Code)> AskAsync(string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var code) ? code.Single() : "");
    }
}
