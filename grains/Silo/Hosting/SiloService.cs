using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streaming.Ops;
using Streaming.Silo.Sending;

namespace Streaming.Silo.Hosting;

/// <summary>The last service to start: tells that the silo is ready, and stops it when it has lost its outbox.</summary>
internal sealed class SiloService(
    IOptions<SiloSettings> options, OpsService ops, SiloOutbox outbox, IHostApplicationLifetime application, ILoggerFactory logs)
    : IHostedService, IDisposable
{
    private CancellationTokenRegistration lost;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        Console.WriteLine($"ready ops={ops.Server.Url} kafka={settings.Kafka.Bootstrap} clickhouse={settings.ClickHouse.Url}");
        lost = outbox.Lost.Register(application.StopApplication);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        logs.CreateLogger("Streaming").Leaving();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => lost.Dispose();
}
