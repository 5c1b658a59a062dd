namespace Streaming.App.Children;

/// <summary>
/// Keeps one child process running: when it ends by itself it is started again, at once the first time, then after 100 ms doubling
/// to at most 5 s while it keeps failing; a run of 30 s or more resets the delay. Safe from any thread.
/// </summary>
/// <param name="options">What to start. Called before every start, so that a port learnt at the first start can be kept.</param>
/// <param name="log">Receives the child's lines and what happens to it.</param>
public sealed class ChildSupervisor(Func<ChildProcessOptions> options, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource stopping = new();
    private volatile ChildProcess? current;
    private Task keeping = Task.CompletedTask;

    /// <summary>The running child; null between its end and the next start.</summary>
    public ChildProcess? Current => current;

    /// <summary>The child ended by itself; the argument is its exit code. Called on a pool thread.</summary>
    public event Action<int>? Died;

    /// <summary>A child became ready, the first one included. Called before
    /// <see cref="StartAsync"/> returns, later on a pool thread.</summary>
    public event Action<ChildProcess>? Started;

    /// <summary>Starts the child for the first time; a failure here is the caller's to report and is not retried.</summary>
    /// <exception cref="ChildProcessException">The child did not start or did not become ready.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var first = await ChildProcess.StartAsync(options(), log, cancellation);
        Announce(first);
        keeping = KeepAsync(first);
    }

    /// <summary>Stops the child and does not start it again.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await keeping;
    }

    /// <summary>Stops the child.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private void Announce(ChildProcess child)
    {
        current = child;
        Started?.Invoke(child);
    }

    private async Task KeepAsync(ChildProcess child)
    {
        var delay = TimeSpan.Zero;
        while (true)
        {
            var since = TimeProvider.System.GetTimestamp();
            var stop = Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token);
            await Task.WhenAny(child.Exited, stop);
            current = null;
            await using (child)
            {
                if (stop.IsCompleted)
                {
                    return;
                }

                var code = await child.Exited;
                log.ChildEnded(options().Name, child.Id, code);
                Died?.Invoke(code);
            }

            delay = TimeProvider.System.GetElapsedTime(since) >= StableAfter ? TimeSpan.Zero : delay;
            if (await RestartAsync(delay) is not { } next)
            {
                return;
            }

            (child, delay) = next;
            Announce(child);
        }
    }

    /// <summary>Tries until a child is ready; null when asked to stop meanwhile.</summary>
    private async Task<(ChildProcess Child, TimeSpan NextDelay)?> RestartAsync(TimeSpan delay)
    {
        while (true)
        {
            try
            {
                await Task.Delay(delay, stopping.Token);
                delay = delay == TimeSpan.Zero ? ShortestDelay : TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
                return (await ChildProcess.StartAsync(options(), log, stopping.Token), delay);
            }
            catch (ChildProcessException error)
            {
                log.ChildNotStarted(delay.TotalMilliseconds, error.Message);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }
}
