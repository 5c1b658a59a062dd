using Streaming.ClickHouse.Sending;
using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Loadtests.Load.Prefilling;

/// <summary>Fills a store with members' pasts: stretch after stretch, each one commit
/// with all it caused, as if a pipeline had written it.</summary>
/// <remarks>
/// A stretch is made on any processor and committed in order. Since the lives of a stretch follow from the plan alone, the store's last
/// commit says where an interrupted fill goes on. Used by one thread at a time; the properties by any.
/// </remarks>
/// <param name="plan">The past.</param>
/// <param name="store">The store.</param>
/// <param name="writer">Numbers its blocks.</param>
/// <param name="formed">Told when blocks wait for ClickHouse.</param>
public sealed class PastStoreFill(PastPlan plan, IStore store, WriterIdentity writer, Action formed)
{
    /// <summary>Members that one commit holds.</summary>
    public const int MembersPerCommit = 2_000;

    private const long MostWaiting = 256 << 20; // bytes of blocks on disk: beyond it ClickHouse is waited for
    private static readonly BlockSettings LargeBlocks = new() { MaxAge = TimeSpan.FromMinutes(1), MaxRows = 500_000, MaxBytes = 16 << 20 };
    private readonly BlockForming forming = new(store, writer, LargeBlocks) { Ready = formed };
    private readonly SnapshotWriter scratch = new();
    private long members = Math.Min(plan.Members, store.Head.Commit * MembersPerCommit), events, wakes;

    /// <summary>Members in the store.</summary>
    public long Members => Interlocked.Read(ref members);

    /// <summary>Events applied since this fill began or went on.</summary>
    public long Events => Interlocked.Read(ref events);

    /// <summary>Wakes that acted since then.</summary>
    public long Wakes => Interlocked.Read(ref wakes);

    /// <summary>Fills it to the end, or goes on with that.</summary>
    /// <param name="rules">The rules all of it happens under.</param>
    /// <param name="pseudonymKey">Of the store.</param>
    /// <param name="stop">Ends it after the commit under way; a later call on the same store goes on.</param>
    /// <exception cref="StoreException">A commit cannot be written.</exception>
    public void Fill(RuleSet rules, byte[] pseudonymKey, CancellationToken stop)
    {
        var last = (plan.Members + MembersPerCommit - 1L) / MembersPerCommit;
        var makers = new Queue<PastBuilder>();
        var under = new Queue<(PastBuilder Maker, Task<PastCommit> Made)>();
        for (var i = 0; i < Environment.ProcessorCount * 2; i++) makers.Enqueue(new PastBuilder(plan, rules, pseudonymKey));
        try
        {
            var started = store.Head.Commit;
            for (var number = started + 1; number <= last; number++)
            {
                while (makers.TryPeek(out var free) && started < last && !stop.IsCancellationRequested)
                {
                    var (maker, commit) = (makers.Dequeue(), ++started);
                    var first = (int)((commit - 1) * MembersPerCommit);
                    var end = (int)Math.Min(plan.Members, commit * MembersPerCommit);
                    under.Enqueue((maker, Task.Run(() => maker.Make(first, end, commit), stop)));
                }

                stop.ThrowIfCancellationRequested();
                var (done, made) = under.Dequeue();
                Commit(number, made.GetAwaiter().GetResult(), stop);
                makers.Enqueue(done);
            }

            // rows become blocks with the commit after their own
            if (store.Head.Commit <= last) Commit(last + 1, new PastCommit([], new ApplyResult(), 0, 0), stop);
        }
        finally
        {
            foreach (var (maker, made) in under)
            {
                Task.WaitAny([made], CancellationToken.None);
                makers.Enqueue(maker);
            }

            foreach (var maker in makers) maker.Dispose();
        }
    }

    private void Commit(long number, PastCommit stretch, CancellationToken stop)
    {
        while (store.SpoolBytes > MostWaiting && !stop.WaitHandle.WaitOne(100)) formed();
        stop.ThrowIfCancellationRequested();
        var (blocks, formedUpTo) = forming.Form(number, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), all: stretch.Members.Count == 0);
        var outputs = OutputCodec.Encode([stretch.Outputs], [], scratch);
        store.Commit(new CommitRecord
        {
            Number = number,
            Now = plan.To,
            Sequence = default, // never applied again: the members stand in the same commit
            Outputs = outputs,
            Positions = [],
            Snapshots = stretch.Members,
            Blocks = blocks,
            Progress = new Progress(number, number, formedUpTo),
        });
        forming.Durable(number, outputs, formedUpTo);
        Interlocked.Add(ref members, stretch.Members.Count);
        Interlocked.Add(ref events, stretch.Events);
        Interlocked.Add(ref wakes, stretch.Wakes);
    }
}
