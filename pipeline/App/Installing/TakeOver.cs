using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.App.Hosting;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Installing;

/// <summary>Makes a replayed store live: every member's clock is moved to now, and wakes that fall due before now act, and their effects
/// are not sent.</summary>
/// <remarks>
/// What the replay had not sent is given up first, so that nothing of it can ever leave on a live topic; its rows for ClickHouse still
/// land. Interrupted, it is simply done again: the store is not live until all wakes before the moment are durable.
/// </remarks>
/// <param name="options">The installation's settings.</param>
/// <param name="directory">Its data.</param>
/// <param name="parts">Broker and ClickHouse of the host that does the take-over.</param>
/// <param name="logs">Where what matters is logged.</param>
internal sealed class TakeOver(IOptions<UpSettings> options, DataDirectory directory, EmbeddedParts parts, ILoggerFactory logs)
    : IHostedService
{
    /// <summary>Takes over the replay if the directory holds one. It opens the store separately, because a host continues from the state
    /// its store had when it was opened.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var store = StoreOpening.Open(directory, options.Value);
        var state = new RunState(store.Facts);
        if (!state.IsReplay) return;
        var log = logs.CreateLogger("Streaming");
        var moment = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        log.ReplayTakenOver(state.IsFinished ? "finished" : "half-finished");
        if (store.Head.Commit - store.Head.Progress.Sent is > 0 and var unsent) log.ReplayNotSent(unsent);
        state.BeginTakeOver(store);
        var source = new ClockSource(moment);
        var mode = new HostMode(state.Prefix, SendsEffects: false, Current: true);
        await using (var host = new EmbeddedHost(parts.Hosting, store.Hosted(directory, options.Value), mode, _ => source, logs))
        {
            host.Start();
            var ended = await Task.WhenAny(source.Finished, host.Ended).WaitAsync(cancellationToken);
            if (ended == source.Finished) await host.StopAsync(TimeSpan.FromSeconds(10));
            if (await host.Ended is { } fault) throw fault;
        }

        state.GoLive(store);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
