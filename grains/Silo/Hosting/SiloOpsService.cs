using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streaming.Ops;
using Streaming.Silo.Sending;

namespace Streaming.Silo.Hosting;

/// <summary>The ops page and API of a silo. It starts after every other service and stops after them, and prints that the silo is
/// ready.</summary>
internal sealed class SiloOpsService(IOptions<SiloSettings> options, OpsService ops, ILoggerFactory logs) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything else runs: the silo can be asked.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await ops.StartAsync(cancellationToken);
        var settings = options.Value;
        Console.WriteLine($"ready ops={ops.Server.Url} kafka={settings.Kafka.Bootstrap} clickhouse={settings.ClickHouse.Url}");
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        logs.CreateLogger("Streaming").Leaving();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing else runs any more: what was measured meanwhile is sent, and nobody asks.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => ops.StopAsync(cancellationToken);
}
