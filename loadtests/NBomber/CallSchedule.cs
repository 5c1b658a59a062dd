using System.Diagnostics;

namespace Streaming.Loadtests.NBomber;

/// <summary>When each call of a scenario is to begin: evenly, at a fixed rate, whatever
/// NBomber's scheduler and the system do. Thread-safe.</summary>
/// <remarks>
/// NBomber starts the calls of a second together and measures from when it got round to starting them. A call takes the next time of this
/// schedule instead, waits if it is early, and counts its latency from there, so that neither bursts nor a late start distort it.
/// </remarks>
internal sealed class CallSchedule(int perSecond)
{
    private long began;
    private long taken = -1;

    /// <summary>Takes the next time and waits until it has come; what it returns measures from that time.</summary>
    public async ValueTask<Due> NextAsync()
    {
        Interlocked.CompareExchange(ref began, Stopwatch.GetTimestamp(), 0);
        var due = new Due(Interlocked.Read(ref began) + (Interlocked.Increment(ref taken) * Stopwatch.Frequency / perSecond));
        // Task.Delay is a millisecond and more late: the rest is waited out without leaving the processor
        if (due.Elapsed < TimeSpan.FromMilliseconds(-2)) await Task.Delay(-due.Elapsed - TimeSpan.FromMilliseconds(2));
        while (due.Elapsed < TimeSpan.Zero) await Task.Yield();
        return due;
    }
}

/// <summary>A moment on the machine's monotonic clock.</summary>
internal readonly record struct Due(long Timestamp)
{
    /// <summary>Time since then; negative before it.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Timestamp);
}
