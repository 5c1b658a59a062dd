using System.Net.Sockets;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Ops;

/// <summary>Connections that send nothing do not block the health checks, and block the page for a few seconds at most.</summary>
public sealed class SilentConnectionTests
{
    private const int Silent = 510; // more than the ops page takes at once

    [Fact]
    public async Task The_health_listener_answers_while_silent_connections_fill_the_page()
    {
        await using var ops = await OpsFixture.StartAsync();
        var sockets = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Silent; i++)
            {
                var socket = new TcpClient();
                sockets.Add(socket);
                await socket.ConnectAsync("127.0.0.1", new Uri(ops.Url).Port);
            }

            using var http = new HttpClient();
            Assert.Equal("""{"status":"live"}""", await http.GetStringAsync(new Uri(ops.HealthUrl + "/health/live")));
            Assert.True((await http.GetAsync(new Uri(ops.HealthUrl + "/health/ready"))).IsSuccessStatusCode);

            // The silent ones are closed without a word from them.
            await Until.TrueAsync(async () => await AnswersAsync(http, ops.Url + "/health/live"));
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task The_health_listener_closes_silent_connections()
    {
        await using var ops = await OpsFixture.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", new Uri(ops.HealthUrl).Port);
        try
        {
            Assert.Equal(0, await socket.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        }
        catch (IOException)
        {
            // reset: closed as well
        }
    }

    [Fact]
    public async Task The_health_listener_serves_nothing_else()
    {
        await using var ops = await OpsFixture.StartAsync();
        using var http = new HttpClient();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(new Uri(ops.HealthUrl + "/v1/status"))).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync(new Uri(ops.HealthUrl + "/"))).StatusCode);
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string url)
    {
        try
        {
            return (await http.GetAsync(new Uri(url))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // full: closed at once
        }
    }
}
