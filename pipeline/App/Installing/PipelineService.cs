using Microsoft.Extensions.Hosting;
using Streaming.App.Hosting;

namespace Streaming.App.Installing;

/// <summary>The pipeline itself: reads once everything before it has started. When it cannot go on, the program stops.</summary>
internal sealed class PipelineService(Lazy<EmbeddedHost> host, IHostApplicationLifetime application, ILoggerFactory logs) : IHostedService
{
    // For what was taken in to be written, sent and landed. The ops page is given 2 s and the children 6 s after it: with broker and
    // ClickHouse hanging, all ends within 10 s.
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(2);
    private readonly ILogger log = logs.CreateLogger("Streaming");

    /// <summary>Why it has stopped by itself, or what could not be written when it was told to stop; else null.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Starts reading; completes when ClickHouse's tables are ready, so that the commands of the welcome text work at
    /// once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var rules = host.Value.Rules.Current;
        log.RulesInForce(rules.Version, rules.Input.Earliest);
        host.Value.Start();
        _ = WatchAsync(host.Value);
        await Task.WhenAny(host.Value.ClickHouse.Prepared, host.Value.Ended, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
    }

    /// <summary>Writes what was read to the store, and sends its messages and blocks.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!host.IsValueCreated || host.Value.Ended.IsCompleted) return;
        log.Stopping();
        await host.Value.StopAsync(DrainWithin);
        Fault = await host.Value.Ended;
    }

    private async Task WatchAsync(EmbeddedHost running)
    {
        if (await running.Ended is not { } fault) return;
        Fault = fault;
        application.StopApplication();
    }
}
