using System.Globalization;
using System.Text.Json.Nodes;

namespace Streaming.Integration.Tests.Ops;

/// <summary>Follows <c>/v1/live</c> as a browser does.</summary>
internal sealed class Follower : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly HttpResponseMessage response;
    private readonly StreamReader lines;

    private Follower(HttpResponseMessage response, StreamReader lines) => (this.response, this.lines) = (response, lines);

    public static async Task<Follower> StartAsync(OpsFixture ops, long? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/live");
        if (last is { } id) request.Headers.Add("Last-Event-ID", id.ToString(CultureInfo.InvariantCulture));
        var response = await ops.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new Follower(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public async Task<Message> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var fields = new Dictionary<string, string>();
        while (true)
        {
            var line = await lines.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException();
            if (line.Length > 0 && line[0] != ':')
            {
                var parts = line.Split(": ", 2);
                fields[parts[0]] = parts[1];
            }
            else if (fields.Count > 0)
            {
                return new Message(long.Parse(fields["id"], CultureInfo.InvariantCulture), fields["event"],
                    JsonNode.Parse(fields["data"])!);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }

    public sealed record Message(long Id, string Name, JsonNode Data);
}
