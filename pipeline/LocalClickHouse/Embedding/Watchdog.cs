using System.Diagnostics;

namespace Streaming.LocalClickHouse.Embedding;

/// <summary>
/// Ends the process when the engine no longer answers: a native call that never comes back cannot be taken out of a process in any other
/// way. Two signs: <c>SELECT 1</c> on a connection of its own gets no answer, or a query goes on long after its time limit. The
/// supervisor starts a new one.
/// </summary>
internal sealed class Watchdog(ClickHouseOptions options, Func<Task<EngineResult>> heart, IReadOnlyList<ConnectionPool> pools,
    Action<string> hung)
{
    /// <summary>Watches until cancelled. Calls <c>hung</c> once, with the reason.</summary>
    public async Task WatchAsync(CancellationToken cancel)
    {
        var patience = TimeSpan.FromSeconds(options.WatchdogSeconds);
        var longest = TimeSpan.FromSeconds(options.MaxQuerySeconds) + patience;
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(1, options.WatchdogSeconds / 4)));
        while (await beat.WaitForNextTickAsync(cancel))
        {
            try
            {
                var answer = await heart().WaitAsync(patience, cancel);
                if (answer.Error is not null)
                {
                    hung($"the engine answers SELECT 1 with: {answer.Error}");
                    return;
                }
            }
            catch (TimeoutException)
            {
                hung($"the engine has not answered SELECT 1 for {options.WatchdogSeconds} s (--watchdog-seconds)");
                return;
            }
            foreach (var connection in pools.SelectMany(p => p.All))
            {
                var since = connection.BusySince;
                if (since != 0 && Stopwatch.GetElapsedTime(since) > longest)
                {
                    hung($"a query on {connection.Label} goes on {options.WatchdogSeconds} s after its {options.MaxQuerySeconds} s are over (--max-query-seconds, --watchdog-seconds)");
                    return;
                }
            }
        }
    }
}
