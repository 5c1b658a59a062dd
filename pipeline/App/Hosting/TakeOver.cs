using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Sources;
using Streaming.Pipeline.Store;

namespace Streaming.App.Hosting;

/// <summary>Makes a replayed store live: every member's clock is moved to now, and what falls due on the way stays inside.</summary>
/// <remarks>Interrupted, it is simply done again: the store stays a replay until all wakes before the moment have acted.</remarks>
internal static class TakeOver
{
    public static async Task RunAsync(HostSettings settings, IStore store, StoreIdentity identity, RulesBook rules, RunState state, ILoggerFactory logs, CancellationToken stop)
    {
        var log = logs.CreateLogger("Streaming");
        var moment = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        log.LogInformation("The data directory holds a {Kind} replay. It is taken over: what fell due before now acts without anything being sent.", state.IsFinished ? "finished" : "half-finished");
        var source = new ClockSource(moment);
        await using (var host = new EmbeddedHost(settings, store, identity, rules, new HostMode(state.Prefix, Outside: false, Current: true), _ => source, logs))
        {
            host.Start();
            var ended = await Task.WhenAny(source.Finished, host.Ended).WaitAsync(stop);
            if (ended == host.Ended && await host.Ended is { } fault) throw fault;
            await host.StopAsync(TimeSpan.FromSeconds(10));
        }

        state.GoLive();
    }
}
