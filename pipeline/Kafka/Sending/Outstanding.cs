using System.Diagnostics;

namespace Streaming.Kafka.Sending;

/// <summary>A commit, or a parked message, on its way. Thread-safe.</summary>
/// <param name="number">The commit; 0 for a parked message.</param>
/// <param name="parked">The parked message's id.</param>
public sealed class Outstanding(long number, long? parked = null)
{
    private readonly long began = Stopwatch.GetTimestamp();
    private int remaining = 1; // the hold it starts with, until all its messages have been handed over
    private bool any;

    public long Number { get; } = number;

    public long? Parked { get; } = parked;

    public bool Done => Volatile.Read(ref remaining) == 0;

    /// <summary>Since it began; null when it has no message.</summary>
    public TimeSpan? Took => any ? Stopwatch.GetElapsedTime(began) : null;

    /// <summary>One more message belongs to it. Called by the thread that sends.</summary>
    public void Add()
    {
        any = true;
        Interlocked.Increment(ref remaining);
    }

    /// <summary>One message is acknowledged; true for the last.</summary>
    public bool Acknowledge() => Interlocked.Decrement(ref remaining) == 0;
}
