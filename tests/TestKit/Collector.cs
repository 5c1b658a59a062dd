using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Streaming.TestKit;

/// <summary>A small OpenTelemetry collector (http/protobuf) on a free loopback port. It accepts every request.</summary>
public sealed class Collector : IDisposable
{
    private const int Tries = 20;
    private readonly HttpListener listener;
    private readonly Channel<Received> received = Channel.CreateUnbounded<Received>();
    private readonly HttpStatusCode answer;

    /// <summary>Starts a collector that answers every request with this status.</summary>
    public Collector(HttpStatusCode answer = HttpStatusCode.OK)
    {
        this.answer = answer;
        (listener, Url) = Listen();
        _ = ListenAsync();
    }

    /// <summary>Where it listens; no slash at the end.</summary>
    public string Url { get; }

    /// <summary>The next request to this path, those to others being passed over.</summary>
    public async Task<Received> NextAsync(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await received.Reader.ReadAsync(patience.Token) is { } one && one.Path == path) return one;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Close();

    /// <summary>A listener takes no port 0: a free port is looked for, and another one when somebody took it meanwhile.</summary>
    private static (HttpListener Listener, string Url) Listen()
    {
        for (var tries = 1; ; tries++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add(url + "/");
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (tries < Tries)
            {
                listener.Close();
            }
        }
    }

    private async Task ListenAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            context.Response.StatusCode = (int)answer;
            context.Response.Close();
            received.Writer.TryWrite(new Received(context.Request.Url!.AbsolutePath, context.Request.Headers["x-tenant"],
                Encoding.Latin1.GetString(body.ToArray())));
        }
    }
}

/// <summary>One request of an exporter.</summary>
/// <param name="Path">Which signal.</param>
/// <param name="Tenant">Its header <c>x-tenant</c>.</param>
/// <param name="Body">Its bytes as Latin-1: names stand in it as they are.</param>
public sealed record Received(string Path, string? Tenant, string Body);
