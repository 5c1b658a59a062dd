using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Ops;

namespace Streaming.Integration.Tests.Ops;

public class AccessTests
{
    private const string Key = "correct-horse-battery";

    [Theory]
    [InlineData("/v1/status")]
    [InlineData("/v1/members/ada")]
    [InlineData("/v1/live")]
    [InlineData("/v1/dashboards")]
    public async Task Data_needs_the_API_key_when_one_is_set(string path)
    {
        await using var ops = await OpsFixture.StartAsync(new OpsSettings { ApiKey = Key });
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(ops, path));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(ops, path, ("X-Api-Key", Key + "x")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(ops, path, ("Authorization", "Bearer " + Key[1..])));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await Status(ops, path, ("X-Api-Key", Key)));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await Status(ops, path, ("Authorization", "Bearer " + Key)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task The_page_and_the_health_checks_need_no_key(string path)
    {
        await using var ops = await OpsFixture.StartAsync(new OpsSettings { ApiKey = Key });
        Assert.Equal(HttpStatusCode.OK, await Status(ops, path));
    }

    [Fact]
    public async Task A_foreign_Host_is_refused_when_no_key_is_set()
    {
        await using var ops = await OpsFixture.StartAsync();
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await Status(ops, "/v1/status", ("Host", "evil.example:80")));
        Assert.NotEqual(HttpStatusCode.MisdirectedRequest, await Status(ops, "/v1/status", ("Host", "localhost:1234")));
        Assert.NotEqual(HttpStatusCode.MisdirectedRequest, await Status(ops, "/v1/status", ("Host", "[::1]:1234")));
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", false)]
    [InlineData("Origin", "null", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", true)]
    public async Task A_cross_site_request_gets_no_data_but_the_page(string header, string value, bool withKey)
    {
        await using var ops = await OpsFixture.StartAsync(new OpsSettings { ApiKey = withKey ? Key : "" });
        Assert.Equal(HttpStatusCode.Forbidden, await Status(ops, "/v1/dashboards", (header, value), ("X-Api-Key", Key)));
        Assert.Equal(HttpStatusCode.OK, await Status(ops, "/", (header, value)));
        Assert.Equal(HttpStatusCode.OK,
            await Status(ops, "/v1/dashboards", ("Origin", ops.Url), ("Sec-Fetch-Site", "same-origin"), ("X-Api-Key", Key)));
    }

    [Fact]
    public void An_address_beyond_loopback_needs_Ops_ApiKey()
    {
        var errors = new List<string>();
        new OpsSettings { Address = "0.0.0.0" }.Validate("Ops", errors);
        Assert.Contains("Ops:ApiKey", Assert.Single(errors), StringComparison.Ordinal);
        errors.Clear();
        new OpsSettings { Address = "0.0.0.0", ApiKey = Key }.Validate("Ops", errors);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Every_answer_has_a_content_security_policy_of_own_scripts_only()
    {
        await using var ops = await OpsFixture.StartAsync();
        using var page = await ops.Http.GetAsync(new Uri("/members/ada", UriKind.Relative));
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        using var problem = await ops.Http.GetAsync(new Uri("/v1/nothing", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, problem.StatusCode);
        Assert.Equal("application/problem+json", problem.Content.Headers.ContentType?.MediaType);
        Assert.Contains("script-src 'self'", Assert.Single(problem.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_are_cached_as_immutable_and_the_page_is_revalidated()
    {
        await using var ops = await OpsFixture.StartAsync();
        using var page = await ops.Http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.True(page.Headers.CacheControl?.NoCache);
        var html = await page.Content.ReadAsStringAsync();
        var script = html.Split("src=\"")[1].Split('"')[0];
        using var asset = await ops.Http.GetAsync(new Uri(script, UriKind.Relative));
        Assert.Equal("text/javascript", asset.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", asset.Headers.CacheControl?.ToString(), StringComparison.Ordinal);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var unchanged = await ops.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task A_port_in_use_gives_one_sentence_that_says_what_to_do()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var host = new FakeHost();
        var failure = await Assert.ThrowsAsync<OpsStartException>(() =>
            OpsServer.StartAsync(new OpsSettings { Port = port }, new TelemetrySettings(), host, NullLoggerFactory.Instance));
        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
        Assert.Contains("0 for any free one", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Status(OpsFixture ops, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await ops.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
