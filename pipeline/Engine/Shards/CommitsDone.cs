namespace Streaming.Engine.Shards;

/// <summary>How far commits are durable, as a shard asks for it.</summary>
/// <param name="last">The last durable commit.</param>
/// <param name="until">Completes once a commit is durable; fails when it never will be.</param>
public sealed class CommitsDone(Func<long> last, Func<long, Task> until)
{
    /// <summary>The last durable commit.</summary>
    public long Durable => last();

    /// <summary>Waits until a commit is durable.</summary>
    public void Wait(long number) => until(number).GetAwaiter().GetResult();
}
