using System.Collections.Concurrent;
using System.Diagnostics;

namespace Streaming.App.Children;

/// <summary>
/// Starts processes from one thread that lives as long as this process. The kernel's parent-death signal fires when the *thread*
/// that forked ends: a child started from a pool thread would be killed the moment the pool retires that thread.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Requests = StartThread();

    /// <summary>Starts the process; the task fails as <see cref="Process.Start()"/> would.</summary>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} was not started."));
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var requests = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var request in requests.GetConsumingEnumerable())
            {
                request();
            }
        })
        { IsBackground = true, Name = "spawner" }.Start();
        return requests;
    }
}
