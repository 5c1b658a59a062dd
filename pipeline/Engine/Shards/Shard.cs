using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Shards;

/// <summary>One owner thread for a share of the members. It takes batches in order and applies the records of its members.</summary>
/// <remarks>
/// Only the intake writes into its mailbox, which is bounded; shards never call each other. When this program fails on a record, the record
/// becomes a dead letter; when it fails on a member that is due, the member is put aside. Its former state is restored
/// (<see cref="MemberRebuild"/>). Any other fault (the store's, the machine's) stops the host: only recovery from the store restores a
/// state.
/// </remarks>
public sealed class Shard : IDisposable
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
    private readonly CommitsDone commits;
    private readonly PoisonLog poison;
    private readonly MemberRebuild rebuild;
    private readonly AsideMembers aside = new();
    private readonly ShardOutput output;
    private readonly MemberApplier applier;
    private readonly SnapshotWriter writer = new();
    private readonly WorkQueue<object> mailbox;
    private readonly Thread thread;
    private long last;
    private long read;
    private long nextDue = long.MinValue;
    private ulong announced;

    public Shard(int index, int shards, ShardSettings settings, long snapshotBytes, RulesBook rules, IStore store, CommitsDone commits,
        ShardOutput output, PoisonLog poison)
    {
        this.index = index;
        this.shards = shards;
        this.settings = settings;
        this.snapshotBytes = snapshotBytes;
        this.commits = commits;
        this.output = output;
        this.poison = poison;
        applier = new MemberApplier(rules.Find, output);
        this.store = store.OpenReader();
        rebuild = new MemberRebuild(store, this.store, rules, applier);
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
                TakeRecord(batch, records[next], s, segment, part);
            }

            if (batch.Recovering) Repeat(batch, s, segment, part);
            else Fire(batch, s, segment, part);
        }

        if (!batch.Recovering && batch.Segments.Count > 0) sweep.Run(batch, id => Settle(batch, id, part, part.EventlessTurns));
        TakeSnapshots(batch, part);
        last = batch.Number;
        if (!batch.Recovering) output.Finish(part);
        part.Settled = cache.FirstDirty is { } oldest ? oldest.DirtySince - 1 : batch.Number;
        part.Counts.Members = (cache.Count, cache.Dirty, aside.Count);
        Interlocked.Exchange(ref nextDue, wakes.Next);
    }

    private void TakeRecord(Batch batch, Routed routed, int segmentIndex, in Segment segment, ShardPart part)
    {
        if (batch.Traces.Count == 0)
        {
            ApplyRecord(batch, routed, segmentIndex, segment, part);
            return;
        }

        var from = part.Messages.WrittenCount;
        using var turn = Spans.Apply(batch.TraceOf(routed.Index));
        ApplyRecord(batch, routed, segmentIndex, segment, part);
        part.Follow(turn, from);
    }

    private void ApplyRecord(Batch batch, Routed routed, int segmentIndex, in Segment segment, ShardPart part)
    {
        var record = batch.Records[routed.Index];
        if (record.Refused == RejectReason.Internal && batch.Recovering)
        {
            TakeRefusals(batch, routed, segment, part);
            return;
        }

        if (!applier.Decode(record, batch.Rules, part, !batch.Recovering))
        {
            if (applier.Fault is not { } fault) return;
            Refused(batch, routed.Index, fault);
            TakeRefusals(batch, routed, segment, part);
            return;
        }

        var member = cache.Get(applier.Event.Member.Span, routed.Key, commits.Durable); // the decoder saw that the key is the member
        if (batch.Recovering && member.SnapshotCommit >= batch.Number) return;
        var end = applier.Apply(member.State, record, segment.Now, batch.Rules, part, !batch.Recovering);
        if (end == TurnEnd.Changed) Changed(member, batch);
        if (end is TurnEnd.Same or TurnEnd.Changed) return;
        applier.Refuse(record, part, !batch.Recovering);
        Refused(batch, routed.Index, applier.Fault!);
        if (end == TurnEnd.Broken) Restore(member, batch, routed.Index, Before(batch, part, segmentIndex));
        TakeRefusals(batch, routed, segment, part);
    }

    /// <summary>Applies what a record the program failed on refuses of consent, where that alone can be read and applied.</summary>
    private void TakeRefusals(Batch batch, Routed routed, in Segment segment, ShardPart part)
    {
        var record = batch.Records[routed.Index];
        if (!applier.Decode(record, batch.Rules, part, leaves: false)) return; // it is a dead letter already
        var member = cache.Get(applier.Event.Member.Span, routed.Key, commits.Durable);
        if (batch.Recovering && member.SnapshotCommit >= batch.Number) return;
        if (applier.Apply(member.State, record, segment.Now, batch.Rules, part, !batch.Recovering) == TurnEnd.Changed)
        {
            Changed(member, batch);
        }
    }

    private void Fire(Batch batch, int segmentIndex, in Segment segment, ShardPart part)
    {
        for (var fired = 0; fired < settings.WakesPerSegment && wakes.TryTake(segment.Proven, out var id);)
        {
            if (aside.Contains(id, batch.Rules.Hash)) continue;
            var member = cache.Get(id, commits.Durable);
            fired++;
            if (member.State.Due > segment.Proven)
            {
                if (wakes.Outdated(member)) MarkDirty(member, batch); // so that its row is written anew
                wakes.Schedule(member);
                continue;
            }

            if (!WakeUp(member, batch, segment, part, part.EventlessTurns)) continue;
            part.EventlessTurns.Add(new EventlessTurn(segmentIndex, EventlessKind.Wake, id));
            part.Counts.Wakes++;
        }
    }

    /// <summary>Wakes a member; false when the program failed on it, and it is put aside.</summary>
    /// <param name="before">The batch's eventless turns before this one.</param>
    private bool WakeUp(CachedMember member, Batch batch, in Segment segment, ShardPart part, IEnumerable<EventlessTurn> before)
    {
        var end = applier.Wake(member.State, segment.Proven, segment.Now, batch.Rules, part, !batch.Recovering);
        if (end == TurnEnd.Changed)
        {
            Changed(member, batch);
            return true;
        }

        Aside(EventlessKind.Wake, member, batch, end, segment.End, before);
        return false;
    }

    private void Repeat(Batch batch, int segmentIndex, in Segment segment, ShardPart part)
    {
        foreach (var turn in batch.Recorded)
        {
            if (turn.Segment != segmentIndex || !Mine(turn.Id)) continue;
            var before = batch.Recorded.TakeWhile(t => !ReferenceEquals(t.Id, turn.Id));
            if (turn.Kind == EventlessKind.Settle)
            {
                Settle(batch, turn.Id, part, before);
                continue;
            }

            var member = cache.Get(turn.Id, commits.Durable);
            if (member.SnapshotCommit < batch.Number) WakeUp(member, batch, segment, part, before);
        }
    }

    private void Settle(Batch batch, byte[] id, ShardPart part, IEnumerable<EventlessTurn> before)
    {
        var member = cache.Get(id, commits.Durable);
        if (batch.Recovering && member.SnapshotCommit >= batch.Number) return;
        switch (applier.Settle(member.State, batch.Segments[^1].Now, batch.Rules, part, !batch.Recovering))
        {
            case TurnEnd.Same:
                return;
            case TurnEnd.Changed:
                if (!batch.Recovering) part.EventlessTurns.Add(new EventlessTurn(batch.Segments.Count - 1, EventlessKind.Settle, id));
                Changed(member, batch);
                return;
            case var end:
                Aside(EventlessKind.Settle, member, batch, end, batch.Records.Count, before);
                return;
        }
    }

    private void Refused(Batch batch, int index, Exception fault)
    {
        var record = batch.Records[index];
        batch.Refuse(index, RejectReason.Internal);
        poison.Record(record.Topic, record.Partition, record.Offset, fault);
    }

    private void Aside(EventlessKind kind, CachedMember member, Batch batch, TurnEnd end, int records, IEnumerable<EventlessTurn> before)
    {
        poison.Turn(kind, applier.Fault!);
        if (end == TurnEnd.Broken) Restore(member, batch, records, before);
        aside.Add(member.State.Id.Span);
    }

    /// <summary>The eventless turns of the batch before those of this segment.</summary>
    private static IEnumerable<EventlessTurn> Before(Batch batch, ShardPart part, int segmentIndex) =>
        batch.Recovering ? batch.Recorded.Where(t => t.Segment < segmentIndex) : part.EventlessTurns;

    private void Restore(CachedMember member, Batch batch, int records, IEnumerable<EventlessTurn> before)
    {
        commits.Wait(batch.Number - 1); // every shard has been given it, so it ends without this one
        rebuild.Run(member.State, batch, records, before);
    }

    private void Changed(CachedMember member, Batch batch)
    {
        MarkDirty(member, batch);
        wakes.Schedule(member);
    }

    /// <summary>What is applied again counts as long changed: it is written right after recovery,
    /// so that the next one, after a crash soon, has less to do.</summary>
    private void MarkDirty(CachedMember member, Batch batch) =>
        cache.MarkDirty(member, batch.Number, batch.Recovering ? 0 : batch.WallClock, read);

    private void TakeSnapshots(Batch batch, ShardPart part)
    {
        if (batch.Segments.Count == 0) return;
        var few = cache.Dirty <= settings.FewDirty;
        var crowded = cache.Dirty > cache.Capacity / 2;
        var old = batch.Recovering ? -1 : batch.WallClock - (long)settings.SnapshotAge.TotalMilliseconds;
        var far = read - snapshotBytes;
        // a changed member cannot be let go: what changes faster than snapshots are written, as when millions fall due at once, must not
        // fill memory
        var most = crowded ? Math.Max(settings.SnapshotsPerBatch * 4, cache.Dirty - (cache.Capacity / 2)) : settings.SnapshotsPerBatch;
        while (part.Snapshots.Count < most && cache.FirstDirty is { } member
            && (few || crowded || batch.Flush || member.DirtyAt <= old || member.DirtyRead <= far))
        {
            writer.Clear();
            member.State.Write(writer);
            var standing = wakes.Standing(member);
            var wake = standing ? member.StoredWake : member.State.Due;
            part.Snapshots.Add(new SnapshotRow(part.Keep(member.State.Id.Span), batch.Number, wake, member.State.RulesVersion,
                part.Keep(writer.Written), standing));
            cache.MarkClean(member, batch.Number, wake);
        }
    }
}
