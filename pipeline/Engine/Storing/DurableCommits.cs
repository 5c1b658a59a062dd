namespace Streaming.Engine.Storing;

/// <summary>How far commits are durable, and who waits for one. Thread-safe; only the committer tells it.</summary>
/// <param name="last">The last commit whose effects on the store are durable.</param>
public sealed class DurableCommits(long last)
{
    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new(); // by the commit waited for
    private volatile Exception? broken;
    private long last = last;

    /// <summary>The last durable commit. During recovery it follows the commits applied again.</summary>
    public long Last => Interlocked.Read(ref last);

    /// <summary>True once the committer has ended for a fault: nothing becomes durable any more.</summary>
    public bool Broken => broken is not null;

    /// <summary>Completes once a commit is durable; fails when it never will be.</summary>
    public Task When(long number)
    {
        if (Last >= number) return Task.CompletedTask;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting) waiting.Enqueue(done, number);
        if (Last >= number || Broken) Release();
        return done.Task;
    }

    /// <summary>Waits until a commit is durable.</summary>
    public void Wait(long number) => When(number).GetAwaiter().GetResult();

    /// <summary>A commit is durable. Those who wait for it are told by <see cref="Release"/>.</summary>
    public void Reached(long number) => Interlocked.Exchange(ref last, number);

    /// <summary>Nothing becomes durable any more: whoever waits is told why.</summary>
    public void Break(Exception fault)
    {
        broken = fault;
        Release();
    }

    /// <summary>Tells those whose commit is durable.</summary>
    public void Release()
    {
        lock (waiting)
        {
            while (waiting.TryPeek(out var first, out var number) && (number <= Last || Broken))
            {
                waiting.Dequeue();
                if (number <= Last) first.TrySetResult();
                else first.TrySetException(broken!);
            }
        }
    }
}
