using System.Net.Http.Json;
using NBomber.Contracts;
using NBomber.CSharp;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.NBomber;

/// <summary>What people and product systems ask over HTTP: health, all figures, a member, a dashboard panel.</summary>
internal sealed class HttpScenarios : IDisposable
{
    /// <summary>Name of the scenario that asks for a dashboard panel.</summary>
    public const string Dashboard = "dashboard-panel";

    private readonly HttpClient http;
    private readonly string member;
    private IReadOnlyList<string> panels = [];
    private int next;

    /// <summary>A client of one ops address.</summary>
    /// <param name="member">A member that exists.</param>
    public HttpScenarios(string ops, string member)
    {
        this.member = member;
        http = OpsClient.Create(TimeSpan.FromSeconds(30), new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
        http.BaseAddress = new Uri(ops);
    }

    /// <summary>The plain scenarios' names and paths.</summary>
    public IReadOnlyList<(string Name, string Path)> Plain =>
        [("health-ready", "/health/ready"), ("ops-status", "/v1/status"), ("member-view", $"/v1/members/{member}")];

    /// <summary>Reads the panels of a dashboard.</summary>
    public async Task OpenAsync(string dashboard, CancellationToken stop)
    {
        var file = await http.GetFromJsonAsync<System.Text.Json.JsonElement>($"/v1/dashboards/{dashboard}", stop);
        panels = [.. file.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out var t)
            && t.GetArrayLength() > 0)
            .Select(p => $"/v1/dashboards/{dashboard}/panels/{p.GetProperty("id").GetInt32()}")];
    }

    /// <summary>One GET.</summary>
    public async Task<IResponse> GetAsync(CallSchedule pace, string path)
    {
        var due = await pace.NextAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, due);
    }

    /// <summary>The next panel's queries over the last hour, as the page asks for them.</summary>
    public async Task<IResponse> PanelAsync(CallSchedule pace)
    {
        var due = await pace.NextAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, panels[(Interlocked.Increment(ref next) & int.MaxValue) % panels.Count])
        {
            Content = JsonContent.Create(new { from = now - 3_600_000, to = now }),
        };
        return await SendAsync(request, due);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<IResponse> SendAsync(HttpRequestMessage request, Due due)
    {
        try
        {
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return answer.IsSuccessStatusCode
                ? Response.Ok(statusCode: status, sizeBytes: body.Length, latencyMs: due.Elapsed.TotalMilliseconds)
                : Response.Fail(statusCode: status, message: System.Text.Encoding.UTF8.GetString(body),
                    latencyMs: due.Elapsed.TotalMilliseconds);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return Response.Fail(statusCode: "no-answer", message: e.Message, latencyMs: due.Elapsed.TotalMilliseconds);
        }
    }
}
