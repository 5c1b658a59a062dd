using System.Diagnostics;
using Streaming.Engine.Batches;
using Streaming.Engine.Shards;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Commits;

/// <summary>Makes batches durable, strictly in order, and only then releases what they caused.</summary>
/// <remarks>
/// One thread. A commit that fails for a reason that can pass is tried again unchanged while everything behind it waits
/// (<see cref="RetryingWriter"/>); after that the host stops, and so it does when it is stopping anyway (<see cref="GiveUpAfter"/>).
/// Nothing is ever rolled back in memory: only recovery from the store restores a state.
/// </remarks>
public sealed class Committer : IDisposable
{
    private readonly RetryingWriter store;
    private readonly IBlockForming forming;
    private readonly IMessageSink messages;
    private readonly HostStatus status;
    private readonly BatchPool pool;
    private readonly Action<Exception> fault;
    private readonly WorkQueue<Batch> queue = new(); // bounded by the batches there are
    private readonly SnapshotWriter scratch = new();
    private byte[] sequence = [], room = [];
    private readonly Thread thread;

    // True when the last commit held no input and only stored the readers' progress: another one would store nothing new.
    private volatile bool lastCommitWasEmpty = true;

    /// <summary>Starts the thread.</summary>
    /// <param name="store">Where batches become durable; disposed of with this.</param>
    /// <param name="forming">Takes their rows, once durable.</param>
    /// <param name="messages">Takes their messages, once durable.</param>
    /// <param name="status">Counts.</param>
    /// <param name="pool">Takes the batches back.</param>
    /// <param name="fault">Is told what ended the thread before <see cref="Complete"/>.</param>
    public Committer(
        RetryingWriter store, IBlockForming forming, IMessageSink messages, HostStatus status, BatchPool pool, Action<Exception> fault)
    {
        this.store = store;
        this.forming = forming;
        this.messages = messages;
        this.status = status;
        this.pool = pool;
        this.fault = fault;
        Settled = store.Settled;
        Durable = new DurableCommits(Settled);
        thread = new Thread(Run) { IsBackground = true, Name = "committer" };
        thread.Start();
    }

    /// <summary>How far batches are durable.</summary>
    public DurableCommits Durable { get; }

    /// <summary>All snapshots contain the commits up to here.</summary>
    public long Settled { get; private set; }

    /// <summary>All rows of commits up to here are in blocks.</summary>
    public long Formed => forming.Formed;

    /// <summary>True when a commit is needed although no input came: rows wait to be formed, health rows are due, or readers have moved
    /// on.</summary>
    public bool WantsCommit(long now)
    {
        var durableNow = Durable.Last;
        return forming.Due(now)
            || status.HealthDue(now)
            || (status.Members.Dirty > 0 && Settled < durableNow && now - status.LastCommit.At > 200)
            || (!lastCommitWasEmpty && forming.Empty && messages.Sent >= durableNow);
    }

    /// <summary>Takes over a batch that all shards have been given.</summary>
    public void Post(Batch batch) => queue.Add(batch);

    /// <inheritdoc cref="RetryingWriter.GiveUpAfter"/>
    public void GiveUpAfter(TimeSpan most) => store.GiveUpAfter(most);

    /// <summary>Finishes what was posted and ends.</summary>
    public void Complete()
    {
        queue.Complete();
        thread.Join();
    }

    public void Dispose() => store.Dispose();

    private void Run()
    {
        try
        {
            while (queue.Take(out var batch))
            {
                batch.WaitForShards();
                foreach (var result in batch.Results)
                {
                    if (result.Fault is { } broken) throw broken;
                }

                if (batch.Recovering) KeepSnapshots(batch);
                else Commit(batch);
                pool.Return(batch);
            }
        }
#pragma warning disable CA1031 // told to the host, which stops the process with the sentence
        catch (Exception e)
#pragma warning restore CA1031
        {
            Durable.Break(e);
            fault(e);
        }
    }

    private void KeepSnapshots(Batch batch)
    {
        Settled = SettledBy(batch);
        var snapshots = Snapshots(batch);
        if (snapshots.Count > 0) store.WriteSnapshots(snapshots, new Progress(Settled, messages.Sent, Formed));
        Durable.Reached(batch.Number);
        Durable.Release();
    }

    private void Commit(Batch batch)
    {
        var now = batch.WallClock;
        var (blocks, formedNow) = forming.Form(batch.Number, now, batch.Flush);
        Settled = SettledBy(batch);
        var outputs = OutputCodec.Encode(batch.Results, status.HealthChunk(now), scratch, ref room);
        var record = new CommitRecord
        {
            Number = batch.Number,
            Now = batch.Segments[^1].Now,
            Sequence = SequenceCodec.Encode(batch, scratch, ref sequence),
            Outputs = outputs,
            Positions = [.. batch.Positions],
            Snapshots = Snapshots(batch),
            Blocks = blocks,
            Progress = new Progress(Settled, messages.Sent, formedNow),
        };

        var began = Stopwatch.GetTimestamp();
        store.Commit(record);
        var took = Stopwatch.GetElapsedTime(began);
        lastCommitWasEmpty = batch.Records.Count == 0 && batch.Results.All(p => p.EventlessTurns.Count == 0);
        forming.Durable(batch.Number, outputs.Span, formedNow);
        Durable.Reached(batch.Number);
        messages.Durable(batch.Number, outputs.Span,
            batch.Traces.Count == 0 ? null : OutputCodec.Traces(batch.Results, batch.Number, took));
        status.Committed(batch, record, took);
        Durable.Release();
    }

    private static long SettledBy(Batch batch) => batch.Results.Min(p => p.Settled);

    private static List<SnapshotRow> Snapshots(Batch batch)
    {
        var all = new List<SnapshotRow>();
        foreach (var result in batch.Results) all.AddRange(result.Snapshots);
        return all;
    }
}
