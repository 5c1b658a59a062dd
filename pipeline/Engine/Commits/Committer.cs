using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Batches;
using Streaming.Engine.Shards;
using Streaming.Engine.Status;
using Streaming.Engine.Storing;
using Streaming.Members.Events;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Commits;

/// <summary>Makes batches durable, strictly in order, and only then releases what they caused.</summary>
/// <remarks>
/// One thread. A commit that fails for a reason that can pass is tried again unchanged while everything behind it waits; after
/// <see cref="CommitSettings.RetryFor"/> the host stops, and so it does when it is stopping anyway (<see cref="GiveUpAfter"/>).
/// Nothing is ever rolled back in memory: only recovery from the store restores a state.
/// </remarks>
public sealed class Committer : IDisposable
{
    private readonly IStore store;
    private readonly IBlockForming forming;
    private readonly CommitSettings settings;
    private readonly IMessageSink messages;
    private readonly HostStatus status;
    private readonly ILogger log;
    private readonly Action<Batch> recycle;
    private readonly Action<Exception> fault;
    private readonly Action blocksFormed;
    private readonly WorkQueue<Batch> queue = new(); // bounded by the batches there are
    private readonly SnapshotWriter scratch = new();
    private byte[] sequence = [], room = [];
    private readonly Thread thread;
    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new(); // by the batch waited for
    private readonly CancellationTokenSource givingUp = new();
    private volatile Exception? broken;
    private long durable;

    // true when the last commit only recorded how far the readers are: a second such commit would add nothing
    private volatile bool restful = true;

    public Committer(
        IStore store, IBlockForming forming, CommitSettings settings, IMessageSink messages, HostStatus status, ILogger log,
        Action<Batch> recycle, Action<Exception> fault, Action blocksFormed)
    {
        this.store = store;
        this.forming = forming;
        this.settings = settings;
        this.messages = messages;
        this.status = status;
        this.log = log;
        this.recycle = recycle;
        this.fault = fault;
        this.blocksFormed = blocksFormed;
        durable = store.Head.Progress.Settled;
        Settled = store.Head.Progress.Settled;
        thread = new Thread(Run) { IsBackground = true, Name = "committer" };
        thread.Start();
    }

    /// <summary>The last batch whose effects on the store are durable. During recovery it follows the commits applied again.</summary>
    public long Durable => Interlocked.Read(ref durable);

    /// <summary>All snapshots contain the commits up to here.</summary>
    public long Settled { get; private set; }

    /// <summary>All rows of commits up to here stand in blocks.</summary>
    public long Formed => forming.Formed;

    /// <summary>True once it has ended for a reason of its own: nothing becomes durable any more, and no batch comes back.</summary>
    public bool Broken => broken is not null;

    /// <summary>True when something waits for a commit although no input came: rows to form, or readers that moved.</summary>
    public bool WantsCommit(long now)
    {
        var durableNow = Durable;
        return forming.Due(now)
            || status.HealthDue(now)
            || (status.Members.Dirty > 0 && Settled < durableNow && now - status.LastCommit.At > 200)
            || (!restful && forming.Empty && messages.Sent >= durableNow);
    }

    /// <summary>Takes over a batch that all shards have been given.</summary>
    public void Post(Batch batch) => queue.Add(batch);

    /// <summary>Completes once the batch with this number is durable; fails when it never will be.</summary>
    public Task WhenDurable(long batch)
    {
        if (Durable >= batch) return Task.CompletedTask;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting) waiting.Enqueue(done, batch);
        if (Durable >= batch || Broken) Release();
        return done.Task;
    }

    /// <summary>After this time a commit that cannot be written is not tried again, so that a stop does not wait for a full disk. The next
    /// start reads its inputs again.</summary>
    public void GiveUpAfter(TimeSpan most) => givingUp.CancelAfter(most);

    /// <summary>Finishes what was posted and ends.</summary>
    public void Complete()
    {
        queue.Complete();
        thread.Join();
    }

    public void Dispose() => givingUp.Dispose();

    private void Run()
    {
        try
        {
            while (queue.Take(out var batch))
            {
                batch.WaitForShards();
                foreach (var part in batch.Parts)
                {
                    if (part.Fault is { } broken) throw broken;
                }

                if (batch.Recovering) KeepSnapshots(batch);
                else Commit(batch);
                recycle(batch);
            }
        }
#pragma warning disable CA1031 // told to the host, which stops the process with the sentence
        catch (Exception e)
#pragma warning restore CA1031
        {
            broken = e;
            Release();
            fault(e);
        }
    }

    private void KeepSnapshots(Batch batch)
    {
        Settled = SettledBy(batch);
        var snapshots = Snapshots(batch);
        if (snapshots.Count > 0) Try(() => store.WriteSnapshots(snapshots, new Progress(Settled, messages.Sent, Formed)));
        Interlocked.Exchange(ref durable, batch.Number);
        Release();
    }

    private void Commit(Batch batch)
    {
        var now = batch.WallClock;
        var (blocks, formedNow) = forming.Form(batch.Number, now, batch.Flush);
        Settled = SettledBy(batch);
        var outputs = OutputCodec.Encode(batch.Parts, status.HealthChunk(now), scratch, ref room);
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
        Try(() => store.Commit(record));
        var took = Stopwatch.GetElapsedTime(began);
        restful = batch.Records.Count == 0 && batch.Parts.All(p => p.EventlessTurns.Count == 0);
        forming.Durable(batch.Number, outputs.Span, formedNow);
        Interlocked.Exchange(ref durable, batch.Number);
        messages.Durable(batch.Number, outputs.Span,
            batch.Traces.Count == 0 ? null : OutputCodec.Traces(batch.Parts, batch.Number, took));
        if (blocks.Count > 0) blocksFormed();
        status.Committed(batch, record, took);
        Release();
    }

    private void Try(Action write)
    {
        var began = Stopwatch.GetTimestamp();
        for (var wait = 100; ; wait = Math.Min(wait * 2, 5_000))
        {
            try
            {
                write();
                status.CommitFailing(null);
                return;
            }
            catch (StoreException e) when (e.Retryable && !givingUp.IsCancellationRequested
                && Stopwatch.GetElapsedTime(began) < settings.RetryFor)
            {
                status.CommitFailing(e.Message);
                log.CommitFailed(wait, settings.RetryFor, e.Message);
                givingUp.Token.WaitHandle.WaitOne(wait);
            }
        }
    }

    private void Release()
    {
        lock (waiting)
        {
            while (waiting.TryPeek(out var first, out var batch) && (batch <= Durable || Broken))
            {
                waiting.Dequeue();
                if (batch <= Durable) first.TrySetResult();
                else first.TrySetException(broken!);
            }
        }
    }

    private static long SettledBy(Batch batch) => batch.Parts.Min(p => p.Settled);

    private static List<SnapshotRow> Snapshots(Batch batch)
    {
        var all = new List<SnapshotRow>();
        foreach (var part in batch.Parts) all.AddRange(part.Snapshots);
        return all;
    }
}
