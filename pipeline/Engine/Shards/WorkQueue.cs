using System.Diagnostics.CodeAnalysis;

namespace Streaming.Engine.Shards;

/// <summary>A queue between threads: Take blocks until an item is there. Thread-safe.</summary>
/// <remarks>
/// It waits by monitor. A semaphore spins before it sleeps, and on few processors that holds up the thread it waits for. A thread that
/// waits for a channel needs a pool thread each time. Either costs most of an idle pipeline's processor time (docs/decisions/0010).
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
