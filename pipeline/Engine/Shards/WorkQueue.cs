using System.Diagnostics.CodeAnalysis;

namespace Streaming.Engine.Shards;

/// <summary>A queue from thread to thread: whoever takes sleeps until something is there. Thread-safe.</summary>
/// <remarks>
/// It waits by monitor. A semaphore, and what is built on one, spins first, which on few processors holds up the very thread that is waited
/// for; a channel waited for by a thread goes through a thread of the pool each time. Both were most of what a quiet pipeline did
/// (docs/decisions/0010).
/// </remarks>
/// <param name="most">Items it holds; whoever adds more waits. Default: no bound of its own, for what is bounded elsewhere.</param>
internal sealed class WorkQueue<T>(int most = int.MaxValue)
{
    private readonly object gate = new();
    private readonly Queue<T> items = new();
    private bool complete;

    /// <summary>Adds an item, waiting while it is full; false once it is complete: the item was not taken over.</summary>
    public bool Add(T item)
    {
        lock (gate)
        {
            while (items.Count >= most && !complete) Monitor.Wait(gate);
            if (complete) return false;
            items.Enqueue(item);
            Monitor.PulseAll(gate); // those who add wait here as well as those who take
            return true;
        }
    }

    /// <summary>The oldest item, waited for; false once it is complete and empty.</summary>
    public bool Take([MaybeNullWhen(false)] out T item) => Take(Timeout.InfiniteTimeSpan, out item);

    /// <summary>The oldest item; false when none came within <paramref name="longest"/>, or it is complete and empty.</summary>
    public bool Take(TimeSpan longest, [MaybeNullWhen(false)] out T item)
    {
        lock (gate)
        {
            while (items.Count == 0 && !complete)
            {
                if (!Monitor.Wait(gate, longest)) break;
            }

            if (!items.TryDequeue(out item)) return false;
            if (items.Count == most - 1) Monitor.PulseAll(gate);
            return true;
        }
    }

    /// <summary>Nothing is added from now on; what is in it can still be taken.</summary>
    public void Complete()
    {
        lock (gate)
        {
            complete = true;
            Monitor.PulseAll(gate);
        }
    }
}
