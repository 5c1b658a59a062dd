using Streaming.App.Hosting;
using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Engine.Sources;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Installing;

/// <summary>Makes a replayed store live: every member's clock is moved to now, and what falls due on the way stays inside.</summary>
/// <remarks>Interrupted, it is simply done again: the store stays a replay until all wakes before the moment have acted.</remarks>
internal static class TakeOver
{
    /// <summary>Does so when the directory holds a replay. Opens the store for itself: a host
    /// goes on from where its store stood when it was opened.</summary>
    public static async Task RunIfReplayAsync(UpSettings settings, HostSettings hosting, DataDirectory directory, ILoggerFactory logs,
        CancellationToken stop)
    {
        using var store = SqliteStore.Open(directory);
        var state = new RunState(store.Facts);
        if (!state.IsReplay) return;
        var identity = DirectoryIdentity.Of(directory, store.Facts, settings.PseudonymKey.Length > 0 ? settings.PseudonymKey : null);
        var rules = new RulesBook(store.Facts, settings.RulesText);
        var log = logs.CreateLogger("Streaming");
        var moment = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        log.ReplayTakenOver(state.IsFinished ? "finished" : "half-finished");
        var source = new ClockSource(moment);
        await using (var host = new EmbeddedHost(hosting, store, identity, rules, new HostMode(state.Prefix, Outside: false, Current: true),
            _ => source, logs))
        {
            host.Start();
            var ended = await Task.WhenAny(source.Finished, host.Ended).WaitAsync(stop);
            if (ended == host.Ended && await host.Ended is { } fault) throw fault;
            await host.StopAsync(TimeSpan.FromSeconds(10));
        }

        state.GoLive();
    }
}
