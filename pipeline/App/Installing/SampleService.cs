using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.App.Sample;

namespace Streaming.App.Installing;

/// <summary>Sample members, where the broker was started here and the settings do not say otherwise.</summary>
internal sealed class SampleService(IOptions<UpSettings> options, EmbeddedParts parts, Lazy<EmbeddedHost> host, ILoggerFactory logs)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settings = options.Value;
        if (!settings.Sample || !parts.OwnsBroker) return Task.CompletedTask;
        var traffic = new SampleTraffic(parts.Hosting.Kafka, settings.TopicPrefix, settings.SampleRate,
            parts.KeepsLogInMemory ? host.Value : null, logs.CreateLogger("Streaming.Sample"));
        return traffic.RunAsync(stoppingToken);
    }
}
