using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;

namespace Streaming.Engine.Commits;

/// <summary>The way of every batch: an empty one from the pool; once filled, numbered and put under the rules in force, to every shard and
/// to the committer, which gives it back.</summary>
/// <remarks>Used by the intake's thread alone, but for <see cref="LastPosted"/>.</remarks>
/// <param name="pool">The batches in use.</param>
/// <param name="shards">Every shard.</param>
/// <param name="committer">Makes batches durable and puts them back into the pool.</param>
/// <param name="rules">The rules in force.</param>
/// <param name="head">What the store holds: batches go on from its last commit.</param>
/// <param name="status">Is told of what was read.</param>
public sealed class BatchDispatcher(
    BatchPool pool, IReadOnlyList<Shard> shards, Committer committer, RulesBook rules, StoreHead head, HostStatus status)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private long number = head.Commit;
    private long lastNow = head.Now;

    /// <summary>Number of the last batch handed on.</summary>
    public long LastPosted => Interlocked.Read(ref number);

    /// <summary>When the next wake of any member may be due, epoch milliseconds.</summary>
    public long NextDue
    {
        get
        {
            var next = long.MaxValue;
            foreach (var shard in shards) next = Math.Min(next, shard.NextDue);
            return next;
        }
    }

    /// <summary>True when every changed member stands in the store.</summary>
    public bool AllSnapshotsWritten => committer.Settled >= number && status.Members.Dirty == 0;

    /// <summary>An empty batch; null when none came back in time.</summary>
    public Batch? TryTake(TimeSpan most) => pool.TryTake(most);

    /// <summary>An empty batch, waited for; null once none comes back any more.</summary>
    public Batch? Take()
    {
        while (!committer.Durable.Broken)
        {
            if (pool.TryTake(LookAgain) is { } batch) return batch;
        }

        return null;
    }

    /// <summary>Gives back a batch that nothing came into.</summary>
    public void Return(Batch batch) => pool.Return(batch);

    /// <summary>True when a batch without records has something to do all the same.</summary>
    public bool WantsOne() => committer.WantsCommit(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) || shards.Any(s => s.Settling);

    /// <summary>Hands on what the source filled.</summary>
    public void Post(Batch batch)
    {
        lastNow = batch.Segments[^1].Now;
        batch.Number = ++number;
        batch.Rules = rules.Current;
        Send(batch);
    }

    /// <summary>Hands on an empty batch with which every changed member is written to the store, and waits until it is.</summary>
    public void Flush(Batch batch)
    {
        batch.Segments.Add(new Segment(0, lastNow, long.MinValue));
        batch.Flush = true;
        Post(batch);
        committer.Durable.Wait(number);
    }

    /// <summary>Hands on a commit that is applied again.</summary>
    public void Repeat(Batch commit) => Send(commit);

    /// <summary>Waits until everything handed on is durable.</summary>
    public void Wait() => committer.Durable.Wait(number);

    private void Send(Batch batch)
    {
        batch.WallClock = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        batch.Route();
        if (!batch.Recovering)
        {
            status.BatchRead(batch);
            if (Spans.Heard) batch.Follow(status.Sampling);
        }

        foreach (var shard in shards) shard.Post(batch);
        committer.Post(batch);
    }
}
