using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streaming.Silo.Ingestion;

/// <summary>Runs the graph from the moment the silo is one of the cluster until it begins to leave.</summary>
internal sealed class IngestionService(IngestionGraph graph, ILogger<IngestionService> log) : BackgroundService
{
    private static readonly Config Quiet = ConfigurationFactory.ParseString(
        """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.log-dead-letters = off
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = ActorSystem.Create("ingestion", Quiet);
        using var materializer = system.Materializer();
        var (stop, ended) = graph.Build().Run(materializer);
        await using (stoppingToken.Register(stop.Shutdown)) await ended;
        await system.Terminate(); // a graph that was shut down closes its consumer behind itself
        await graph.Closed;
        log.IngestionEnded();
    }
}
