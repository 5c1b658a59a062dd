using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.Ops.Dashboards;

namespace Streaming.Integration.Tests.Dashboards;

/// <summary>What a browser gets, and what it cannot get.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class DashboardEndpointTests(DashboardFixture fixture) : IAsyncLifetime
{
    private WebApplication app = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync() => (app, http) = await ServeAsync(fixture.Queries);

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Dashboards_are_listed_with_titles_in_both_languages()
    {
        var list = (await http.GetFromJsonAsync<JsonArray>("/dashboards"))!;
        var overview = list.Single(d => d!["uid"]!.GetValue<string>() == "engagement-overview")!;
        Assert.Equal("Overview", overview["title"]!["en"]!.GetValue<string>());
        Assert.Equal("总览", overview["title"]!["zh"]!.GetValue<string>());
        Assert.Equal(Files.All.Count, list.Count);
    }

    [Fact]
    public async Task The_endpoint_of_a_dashboard_returns_its_file() =>
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Files.Folder, "churn.json")),
            await http.GetByteArrayAsync("/dashboards/engagement-churn"));

    [Fact]
    public async Task A_panel_answers_with_columns_and_rows()
    {
        var answer = await http.PostAsJsonAsync("/dashboards/engagement-overview/panels/7",
            fixture.Request(fixture.Library.Find("engagement-overview")!, ("channel", "clicks")));
        var target = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["targets"]!.AsArray().Single()!;
        Assert.Equal(["time", "topic", "Value"], target["columns"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
        var row = target["rows"]!.AsArray()[0]!.AsArray();
        Assert.EndsWith("Z", row[0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("clicks", row[1]!.GetValue<string>());
        Assert.True(row[2]!.GetValue<double>() > 0);
    }

    [Fact]
    public async Task SQL_in_a_request_is_ignored()
    {
        var request = new { from = fixture.Now - 3_600_000, to = fixture.Now, rawSql = "SELECT 'mine'",
            targets = new[] { new { refId = "A", rawSql = "SELECT 'mine'" } } };
        var answer = await http.PostAsJsonAsync("/dashboards/engagement-overview/panels/2", request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var plain = await http.PostAsJsonAsync("/dashboards/engagement-overview/panels/2", new { request.from, request.to });
        Assert.Equal(await RowsAsync(plain), await RowsAsync(answer));

        static async Task<string> RowsAsync(HttpResponseMessage answered)
        {
            var target = (await answered.Content.ReadFromJsonAsync<JsonNode>())!["targets"]!.AsArray().Single()!;
            Assert.NotEmpty(target["rows"]!.AsArray());
            return target["rows"]!.ToJsonString();
        }
    }

    [Fact]
    public async Task The_options_of_a_variable_are_read_from_the_data()
    {
        var answer = (await http.GetFromJsonAsync<JsonNode>("/dashboards/engagement-rewards/variables/stage"))!;
        Assert.Equal("阶段", answer["label"]!["zh"]!.GetValue<string>());
        Assert.Contains("loyalty", answer["options"]!.AsArray().Select(o => o!.GetValue<string>()));
    }

    [Theory]
    [InlineData("/dashboards/none/panels/1", 0, 1, null, 404, "no-dashboard")]
    [InlineData("/dashboards/engagement-overview/panels/999", 0, 1, null, 404, "no-panel")]
    [InlineData("/dashboards/engagement-overview/panels/1", 5, 5, null, 400, "bad-request")]
    [InlineData("/dashboards/engagement-overview/panels/1", 0, 1, "nothing", 400, "bad-request")]
    [InlineData("/dashboards/engagement-member/panels/2", 0, 1, "member=a,b", 400, "bad-request")]
    [InlineData("/dashboards/engagement-member/panels/2", 0, 1, "member=$__all", 400, "bad-request")]
    [InlineData("/dashboards/engagement-member/panels/2", 0, 1, "datasource=$__all", 400, "bad-request")]
    public async Task A_wrong_panel_request_gets_a_status_and_a_code(string path, long from, long to, string? variable, int status,
        string code)
    {
        var named = variable?.Split('=');
        var variables = named is null ? null
            : new Dictionary<string, IReadOnlyList<string>> { [named[0]] = named.Length == 1 ? ["x"] : named[1].Split(',') };
        var answer = await http.PostAsJsonAsync(path, new PanelRequest(from, to, variables));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_panel_that_reads_too_many_rows_gets_422()
    {
        using var queries = new DashboardQueries(fixture.Library, fixture.Client, new DashboardSettings { MaxRowsRead = 1 });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "too-much"), await AskAsync(queries));
    }

    [Fact]
    public async Task While_ClickHouse_is_away_a_panel_gets_503()
    {
        using var nobody = new ClickHouseClient(new ClickHouseSettings { Url = "http://127.0.0.1:9" });
        using var queries = new DashboardQueries(fixture.Library, nobody, new DashboardSettings());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "clickhouse-away"), await AskAsync(queries));
    }

    private async Task<(HttpStatusCode Status, string Code)> AskAsync(DashboardQueries queries)
    {
        var (server, client) = await ServeAsync(queries);
        await using var _ = server;
        using var __ = client;
        var answer = await client.PostAsJsonAsync("/dashboards/engagement-overview/panels/7",
            fixture.Request(fixture.Library.Find("engagement-overview")!));
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>());
    }

    private async Task<(WebApplication App, HttpClient Http)> ServeAsync(DashboardQueries queries)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(fixture.Library);
        builder.Services.AddSingleton(queries);
        var server = builder.Build();
        server.MapDashboards();
        await server.StartAsync();
        return (server, new HttpClient { BaseAddress = new Uri(server.Urls.First()) });
    }
}
