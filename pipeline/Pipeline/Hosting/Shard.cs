using Streaming.Members;
using Streaming.Members.Snapshots;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Hosting;

/// <summary>One owner thread for a part of the members. It takes batches in order and applies what is its own.</summary>
/// <remarks>
/// Only the intake writes into its mailbox, which is bounded; shards never call each other. A fault stops the host: members in memory are
/// then behind the store, and recovery from the store is the one way back.
/// </remarks>
internal sealed class Shard : IDisposable
{
    /// <summary>For how many records at a time their members' memory is asked for.</summary>
    private const int Ahead = 8;

    private readonly int index;
    private readonly int shards;
    private readonly ShardSettings settings;
    private readonly long snapshotBytes;
    private readonly IMemberReader store;
    private readonly MemberCache cache;
    private readonly WakeQueue wakes;
    private readonly SettleSweep sweep;
    private readonly Func<long> durable;
    private readonly ShardOutput output;
    private readonly MemberApplier applier;
    private readonly SnapshotWriter writer = new();
    private readonly WorkQueue<object> mailbox;
    private readonly Thread thread;
    private long last;
    private long read;
    private long nextDue = long.MinValue;
    private ulong announced;

    public Shard(int index, int shards, ShardSettings settings, long snapshotBytes, RulesBook rules, IStore store, Func<long> durable, ShardOutput output)
    {
        this.index = index;
        this.shards = shards;
        this.settings = settings;
        this.snapshotBytes = snapshotBytes;
        this.durable = durable;
        this.output = output;
        applier = new MemberApplier(rules.Find, output);
        this.store = store.OpenReader();
        last = store.Head.Progress.Settled;
        cache = new MemberCache(Math.Max(1_000, settings.EffectiveCachedMembers / shards), this.store);
        wakes = new WakeQueue(this.store, cache, Mine);
        sweep = new SettleSweep(this.store, cache, Mine);
        mailbox = new WorkQueue<object>(settings.Mailbox);
        thread = new Thread(Run) { IsBackground = true, Name = $"shard-{index}" };
        thread.Start();
    }

    /// <summary>When the next wake of this shard may be due, epoch milliseconds. Read by the intake.</summary>
    public long NextDue => Interlocked.Read(ref nextDue);

    /// <summary>True while members remain to be brought under new rules.</summary>
    public bool Sweeping => sweep.Running;

    /// <summary>Puts a batch or a query into the mailbox; waits while it is full.</summary>
    public void Post(object item) => mailbox.Add(item);

    /// <summary>Lets it finish what is in the mailbox and end.</summary>
    public void Complete() => mailbox.Complete();

    /// <summary>Waits until its thread has ended.</summary>
    public void Join() => thread.Join();

    public void Dispose()
    {
        Complete();
        Join();
        store.Dispose();
        output.Dispose();
    }

    private bool Mine(byte[] id) => (int)(StableHash.Of(id) % (ulong)shards) == index;

    private void Run()
    {
        while (mailbox.Take(out var item))
        {
            if (item is Batch batch) Process(batch);
            else ((MemberQuery)item).Answer(cache, store, writer, last);
        }
    }

    private void Process(Batch batch)
    {
        var part = batch.Parts[index];
        try
        {
            Apply(batch, part);
        }
#pragma warning disable CA1031 // whatever it is, it is told to the host, which stops and says so
        catch (Exception e)
#pragma warning restore CA1031
        {
            part.Fault = e;
        }

        batch.Done();
    }

    private void Apply(Batch batch, ShardPart part)
    {
        if (index == 0 && !batch.Recovering) output.Skipped(batch.Skipped);
        if (index == 0 && !batch.Recovering && batch.Rules.Hash != announced)
        {
            output.RulesChanged(batch.Rules, batch.Segments[^1].Now);
            announced = batch.Rules.Hash;
        }

        var records = batch.RecordsOf(index);
        read += batch.ArenaUsed;
        var next = 0;
        for (var s = 0; s < batch.Segments.Count; s++)
        {
            var segment = batch.Segments[s];
            for (; next < records.Length && records[next].Index < segment.End; next++)
            {
                if (next % Ahead == 0) cache.Expect(records[next..Math.Min(next + Ahead, records.Length)]);
                ApplyRecord(batch, records[next], segment, part);
            }

            if (batch.Recovering) Repeat(batch, s, segment, part);
            else Fire(batch, s, segment, part);
        }

        if (!batch.Recovering && batch.Segments.Count > 0) sweep.Run(batch, id => Settle(batch, id, part));
        TakeSnapshots(batch, part);
        last = batch.Number;
        if (!batch.Recovering) output.Finish(part);
        part.Settled = cache.FirstDirty is { } oldest ? oldest.DirtySince - 1 : batch.Number;
        part.Counts.Members = (cache.Count, cache.Dirty);
        Interlocked.Exchange(ref nextDue, wakes.Next);
    }

    private void ApplyRecord(Batch batch, Routed record, in Segment segment, ShardPart part)
    {
        if (!applier.Decode(batch.Records[record.Index], batch.Rules, part, !batch.Recovering)) return;
        var member = cache.Get(applier.Event.Member.Span, record.Key, durable()); // the decoder saw that the key is the member
        if (batch.Recovering && member.SnapshotCommit >= batch.Number) return;
        if (applier.Apply(member.State, segment.Now, batch.Rules, part, !batch.Recovering)) Changed(member, batch);
    }

    private void Fire(Batch batch, int segmentIndex, in Segment segment, ShardPart part)
    {
        for (var fired = 0; fired < settings.WakesPerSegment && wakes.TryTake(segment.Proven, out var id);)
        {
            var member = cache.Get(id, durable());
            fired++;
            if (member.State.Due > segment.Proven)
            {
                if (wakes.Outdated(member)) MarkDirty(member, batch); // so that its row is written anew
                wakes.Schedule(member);
                continue;
            }

            WakeUp(member, batch, segment, part);
            part.Touches.Add(new Touch(segmentIndex, TouchKind.Wake, id));
            part.Counts.Wakes++;
        }
    }

    private void WakeUp(CachedMember member, Batch batch, in Segment segment, ShardPart part)
    {
        applier.Wake(member.State, segment.Proven, segment.Now, batch.Rules, part, !batch.Recovering);
        Changed(member, batch);
    }

    private void Repeat(Batch batch, int segmentIndex, in Segment segment, ShardPart part)
    {
        foreach (var touch in batch.Recorded)
        {
            if (touch.Segment != segmentIndex || !Mine(touch.Id)) continue;
            if (touch.Kind == TouchKind.Settle)
            {
                Settle(batch, touch.Id, part);
                continue;
            }

            var member = cache.Get(touch.Id, durable());
            if (member.SnapshotCommit < batch.Number) WakeUp(member, batch, segment, part);
        }
    }

    private void Settle(Batch batch, byte[] id, ShardPart part)
    {
        var member = cache.Get(id, durable());
        if (batch.Recovering && member.SnapshotCommit >= batch.Number) return;
        if (!applier.Settle(member.State, batch.Segments[^1].Now, batch.Rules, part, !batch.Recovering)) return;
        if (!batch.Recovering) part.Touches.Add(new Touch(batch.Segments.Count - 1, TouchKind.Settle, id));
        Changed(member, batch);
    }

    private void Changed(CachedMember member, Batch batch)
    {
        MarkDirty(member, batch);
        wakes.Schedule(member);
    }

    /// <summary>What is applied again counts as long changed: it is written right after recovery, so that the next one, after a crash soon, has less to do.</summary>
    private void MarkDirty(CachedMember member, Batch batch) => cache.MarkDirty(member, batch.Number, batch.Recovering ? 0 : batch.WallClock, read);

    private void TakeSnapshots(Batch batch, ShardPart part)
    {
        if (batch.Segments.Count == 0) return;
        var few = cache.Dirty <= settings.FewDirty;
        var crowded = cache.Dirty > cache.Capacity / 2;
        var old = batch.Recovering ? -1 : batch.WallClock - settings.SnapshotAge;
        var far = read - snapshotBytes;
        // a changed member cannot be let go: what changes faster than snapshots are written, as when millions fall due at once, must not fill memory
        var most = crowded ? Math.Max(settings.SnapshotsPerBatch * 4, cache.Dirty - (cache.Capacity / 2)) : settings.SnapshotsPerBatch;
        while (part.Snapshots.Count < most && cache.FirstDirty is { } member && (few || crowded || batch.Flush || member.DirtyAt <= old || member.DirtyRead <= far))
        {
            writer.Clear();
            member.State.Write(writer);
            var standing = wakes.Standing(member);
            var wake = standing ? member.StoredWake : member.State.Due;
            part.Snapshots.Add(new SnapshotRow(part.Keep(member.State.Id.Span), batch.Number, wake, member.State.RulesVersion, part.Keep(writer.Written), standing));
            cache.MarkClean(member, batch.Number, wake);
        }
    }
}
