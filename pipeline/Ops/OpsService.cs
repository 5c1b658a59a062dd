using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Ops.Hosting;

namespace Streaming.Ops;

/// <summary>The ops page, its API and the health checks as a service of a program.</summary>
/// <param name="settings">Validated settings.</param>
/// <param name="sending">Validated settings.</param>
/// <param name="host">The host to show, made when this starts.</param>
/// <param name="logs">Where what matters is logged.</param>
public sealed class OpsService(OpsSettings settings, TelemetrySettings sending, Lazy<IOpsHost> host, ILoggerFactory logs)
    : IHostedService, IAsyncDisposable
{
    private OpsServer? server;

    /// <summary>What listens.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public OpsServer Server => server ?? throw new InvalidOperationException("The ops server has not started.");

    /// <inheritdoc cref="OpsServer.StartAsync" path="/exception"/>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        server = await OpsServer.StartAsync(settings, sending, host.Value, logs, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref server, null)?.DisposeAsync() ?? ValueTask.CompletedTask;
}
