using System.Diagnostics;

namespace Streaming.Kafka.Sending;

/// <summary>A commit, or a parked message, on its way. Thread-safe.</summary>
/// <param name="number">The commit; 0 for a parked message.</param>
/// <param name="parked">The parked message's id.</param>
public sealed class PendingSend(long number, long? parked = null)
{
    private readonly long began = Stopwatch.GetTimestamp();
    private int remaining = 1; // the hold it starts with, until all its messages have been handed over
    private bool any;
    private List<Activity>? spans;

    public long Number { get; } = number;

    public long? Parked { get; } = parked;

    public bool Done => Volatile.Read(ref remaining) == 0;

    /// <summary>Time since it was handed over; null when it has no message.</summary>
    public TimeSpan? Took => any ? Stopwatch.GetElapsedTime(began) : null;

    /// <summary>One more message belongs to it. Called by the thread that sends.</summary>
    public void Add()
    {
        any = true;
        Interlocked.Increment(ref remaining);
    }

    /// <summary>A message's span, to end with the last acknowledgement. Called by the thread that sends, before the message is
    /// sent.</summary>
    public void Follow(Activity span) => (spans ??= []).Add(span);

    /// <summary>Ends the spans of its messages: all are acknowledged.</summary>
    public void EndSpans()
    {
        if (spans is null) return;
        foreach (var span in spans) span.Dispose();
    }

    /// <summary>One message is acknowledged; true for the last.</summary>
    public bool Acknowledge() => Interlocked.Decrement(ref remaining) == 0;
}
