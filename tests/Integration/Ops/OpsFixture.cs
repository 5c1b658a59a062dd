using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Ops;

namespace Streaming.Integration.Tests.Ops;

/// <summary>The ops server in front of a fake host, on a free port.</summary>
internal sealed class OpsFixture : IAsyncDisposable
{
    private readonly OpsServer server;

    private OpsFixture(OpsServer server, FakeHost host)
    {
        (this.server, Host) = (server, host);
        Http = new HttpClient { BaseAddress = new Uri(server.Url) };
    }

    public FakeHost Host { get; }

    public HttpClient Http { get; }

    public string Url => server.Url;

    public string HealthUrl => server.HealthUrl;

    public static async Task<OpsFixture> StartAsync(OpsSettings? settings = null, FakeHost? host = null,
        TelemetrySettings? telemetry = null)
    {
        host ??= new FakeHost();
        return new OpsFixture(await OpsServer.StartAsync((settings ?? new OpsSettings()) with { Port = 0 },
            telemetry ?? new TelemetrySettings(), host, NullLoggerFactory.Instance), host);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        Host.Dispose();
    }
}
