using Streaming.TestKit;

namespace Streaming.Faults.ClickHouse;

/// <summary>An embedded engine that is killed while it works on every so-many-th insert,
/// and started again on the same data (at another port).</summary>
internal sealed class MortalEngine(string data, int killEvery) : IAsyncDisposable
{
    private EmbeddedClickHouse? engine;
    private int inserts;

    public int Kills { get; private set; }

    public Uri Url => engine!.Url;

    public async Task StartAsync() => engine = await EmbeddedClickHouse.StartAsync(data);

    /// <summary>Carries requests to wherever the engine listens now.</summary>
    public HttpMessageHandler Handler() => new Redirect(this);

    public ValueTask DisposeAsync() => engine?.DisposeAsync() ?? ValueTask.CompletedTask;

    private bool DiesNow() => ++inserts % killEvery == 0;

    private async Task KillAndRestartAsync()
    {
        await engine!.KillAsync();
        await engine.DisposeAsync();
        Kills++;
        await StartAsync();
    }

    private sealed class Redirect(MortalEngine owner) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            request.RequestUri = new Uri(owner.Url, request.RequestUri!.PathAndQuery);
            var sent = base.SendAsync(request, stop);
            if (!request.RequestUri.Query.Contains("INSERT", StringComparison.Ordinal) || !owner.DiesNow()) return await sent;

            // Kills fall at different points of the insert: before it arrives, while it is written, after it has landed.
            await Task.WhenAny(sent, Task.Delay(owner.Kills * 3, CancellationToken.None));
            await owner.KillAndRestartAsync();
            return await sent;
        }
    }
}
