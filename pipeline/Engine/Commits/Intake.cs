using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;

namespace Streaming.Engine.Commits;

/// <summary>Gathers batches and hands each to every shard and to the committer, in order. One thread.</summary>
/// <remarks>
/// How much comes together follows from the load: a batch takes what is waiting when there is room for it, so an idle pipeline commits
/// single events at once and a busy one thousands. When nothing may be taken in (spool full, commits late), fetching is held.
/// </remarks>
public sealed class Intake : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private readonly IBatchSource source;
    private readonly IReadOnlyList<Shard> shards;
    private readonly Committer committer;
    private readonly RulesBook rules;
    private readonly IStore store;
    private readonly CommitSettings settings;
    private readonly HostStatus status;
    private readonly Action<Exception> fault;
    private readonly BatchPool pool;
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private long number;
    private long lastNow;
    private IReadOnlyList<BlockedPartition>? blocked;

    public Intake(
        IBatchSource source, IReadOnlyList<Shard> shards, Committer committer, RulesBook rules, IStore store, CommitSettings settings,
        HostStatus status, BatchPool pool, Action<Exception> fault)
    {
        this.source = source;
        this.shards = shards;
        this.committer = committer;
        this.rules = rules;
        this.store = store;
        this.settings = settings;
        this.status = status;
        this.pool = pool;
        this.fault = fault;
        number = store.Head.Commit;
        thread = new Thread(Run) { IsBackground = true, Name = "intake" };
    }

    /// <summary>Number of the last batch handed on.</summary>
    public long LastPosted => Interlocked.Read(ref number);

    public void Start() => thread.Start();

    /// <summary>Stops taking in, writes every changed member to the store, and ends.</summary>
    public void Stop()
    {
        stop.Cancel();
        if (thread.IsAlive) thread.Join();
    }

    public void Dispose() => stop.Dispose();

    private void Run()
    {
        try
        {
            if (!Recover()) return; // stopped half-way: nothing may be written behind commits that are not applied again yet
            while (!stop.IsCancellationRequested) Turn();
            while (!Flushed() && Free() is { } batch) Post(batch, flush: true);
        }
#pragma warning disable CA1031 // told to the host, which stops the process with the sentence
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault(e);
        }
    }

    /// <summary>An empty batch; null once none comes back any more.</summary>
    private Batch? Free()
    {
        while (!committer.Broken)
        {
            if (pool.TryTake(LongestWait) is { } batch) return batch;
        }

        return null;
    }

    /// <summary>Applies the commits again that snapshots do not contain yet, in their
    /// recorded order; false when stopped before the last.</summary>
    private bool Recover()
    {
        status.Recovering = true;
        foreach (var commit in store.CommitsAfter(store.Head.Progress.Settled))
        {
            if (stop.IsCancellationRequested || Free() is not { } batch) return false;
            SequenceCodec.Decode(commit.Sequence, batch, out var under);
            batch.Number = commit.Number;
            batch.Rules = rules.Find(under);
            batch.Recovering = true;
            Send(batch);
        }

        committer.WhenDurable(number).GetAwaiter().GetResult();
        status.Recovering = false;
        return true;
    }

    private void Turn()
    {
        if (Full() is { } reason)
        {
            status.Held = reason;
            source.Hold(TimeSpan.FromMilliseconds(200));
            return;
        }

        var batch = pool.TryTake(LongestWait);
        if (batch is null)
        {
            status.Held = "commits are slower than intake";
            source.Hold(TimeSpan.FromMilliseconds(50));
            return;
        }

        status.Held = null;
        RememberBlocked();
        var nextDue = NextDue();
        source.Fill(batch, Idle, nextDue, stop.Token);
        if (HasWork(batch, nextDue)) Post(batch, flush: false);
        else pool.Return(batch);
    }

    /// <summary>What blocks stands in the store, for the command that leaves it out when this program is stopped.</summary>
    private void RememberBlocked()
    {
        if (ReferenceEquals(source.Status.Blocked, blocked)) return;
        var now = source.Status.Blocked;
        try
        {
            BlockedFact.Set(store.Facts, now.Select(b => b.At));
            blocked = now;
        }
        catch (StoreException e) when (e.Retryable)
        {
            status.Held = e.Message; // written with the next turn
        }
    }

    private string? Full() => store.SpoolBytes > settings.SpoolLimit
        ? $"the spool on disk is full ({store.SpoolBytes >> 20} MiB of {settings.SpoolLimit >> 20}): Kafka or ClickHouse is away " +
            $"or too slow"
        : null;

    private long NextDue()
    {
        var next = long.MaxValue;
        foreach (var shard in shards) next = Math.Min(next, shard.NextDue);
        return next;
    }

    private bool HasWork(Batch batch, long nextDue)
    {
        if (batch.Records.Count > 0 || batch.Positions.Count > 0 || batch.Skipped.Count > 0) return true;
        foreach (var segment in batch.Segments)
        {
            if (segment.Proven != long.MinValue && segment.Proven >= nextDue) return true;
        }

        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return committer.WantsCommit(now) || shards.Any(s => s.Sweeping);
    }

    private bool Flushed() => committer.Settled >= number && status.Members.Dirty == 0;

    private void Post(Batch batch, bool flush)
    {
        if (flush && batch.Segments.Count == 0) batch.Segments.Add(new Segment(0, lastNow, long.MinValue));
        lastNow = batch.Segments[^1].Now;
        batch.Number = ++number;
        batch.Rules = rules.Current;
        batch.Flush = flush;
        Send(batch);
        if (flush) committer.WhenDurable(number).GetAwaiter().GetResult();
    }

    private void Send(Batch batch)
    {
        batch.WallClock = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        batch.Route();
        if (!batch.Recovering)
        {
            status.Read(batch);
            if (Spans.Heard) batch.Follow(status.Sampling);
        }

        foreach (var shard in shards) shard.Post(batch);
        committer.Post(batch);
    }
}

/// <summary>The batches in use: their number bounds what is on its way.</summary>
public sealed class BatchPool(int count, Func<Batch> make)
{
    private readonly WorkQueue<Batch> free = Fill(count, make);

    /// <summary>An empty batch, or null when none was free in time.</summary>
    public Batch? TryTake(TimeSpan most) => free.Take(most, out var batch) ? batch : null;

    /// <summary>Gives a batch back.</summary>
    public void Return(Batch batch)
    {
        batch.Clear();
        free.Add(batch);
    }

    private static WorkQueue<Batch> Fill(int count, Func<Batch> make)
    {
        var all = new WorkQueue<Batch>();
        for (var i = 0; i < count; i++) all.Add(make());
        return all;
    }
}
