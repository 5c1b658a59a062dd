using Streaming.TestKit;

namespace Streaming.Faults.ClickHouse;

/// <summary>An embedded engine that is killed while it works on every so-many-th insert,
/// and started again on the same data (at another port).</summary>
internal sealed class KilledEngine(string data, int killEvery) : IAsyncDisposable
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

    private async Task KillAsync()
    {
        await engine!.KillAsync();
        await engine.DisposeAsync();
        Kills++;
    }

    /// <summary>Kills fall at three points of an insert, one after the other: before it arrives, once its rows
    /// have left, and once its answer has come.</summary>
    private sealed class Redirect(KilledEngine owner) : DelegatingHandler(new SocketsHttpHandler())
    {
        private enum Point
        {
            Before = 0,
            Sent = 1,
            Answered = 2,
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
        {
            request.RequestUri = new Uri(owner.Url, request.RequestUri!.PathAndQuery);
            if (!request.RequestUri.Query.Contains("INSERT", StringComparison.Ordinal) || !owner.DiesNow())
                return await base.SendAsync(request, stop);

            var point = (Point)(owner.Kills % 3);
            if (point == Point.Before) await owner.KillAsync();
            var rows = new WatchedContent(request.Content!);
            request.Content = rows;
            var sending = base.SendAsync(request, stop);
            try
            {
                Task[] awaited = point == Point.Sent ? [rows.Sent, sending] : [sending];
                await Task.WhenAny(awaited);
                if (point != Point.Before) await owner.KillAsync();
                return await sending;
            }
            finally
            {
                await owner.StartAsync();
            }
        }
    }

    /// <summary>Tells when it has been handed to the connection.</summary>
    private sealed class WatchedContent : HttpContent
    {
        private readonly HttpContent inner;
        private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WatchedContent(HttpContent inner)
        {
            this.inner = inner;
            foreach (var (name, values) in inner.Headers) Headers.TryAddWithoutValidation(name, values);
        }

        public Task Sent => sent.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await inner.CopyToAsync(stream, context);
            await stream.FlushAsync();
            sent.TrySetResult();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = inner.Headers.ContentLength ?? 0;
            return inner.Headers.ContentLength is not null;
        }
    }
}
