using System.Diagnostics;
using System.Runtime.InteropServices;
using Streaming.Common.Threads;
using Streaming.Contract.Records;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Engine.Batches;

/// <summary>A stretch of a batch under one clock: the records before <paramref name="End"/>, then the wakes proven by then.</summary>
/// <param name="End">Index of the first record after the stretch.</param>
/// <param name="Now">The members' clock, epoch milliseconds, or <see cref="OwnTime"/>;
/// of the last segment of a batch always a clock.</param>
/// <param name="Proven">Every input partition is read past this moment: wakes due by then may act.</param>
public readonly record struct Segment(int End, long Now, long Proven)
{
    /// <summary>As <see cref="Now"/>: each record is judged at its event's own time and
    /// each wake at its own due time, as in a replay.</summary>
    /// <remarks>What becomes of a member then depends on its own records alone, not on how many of others lie between them.</remarks>
    public const long OwnTime = long.MinValue;
}

/// <summary>A record as its shard takes it.</summary>
/// <param name="Index">Its index among the batch's records.</param>
/// <param name="Key">Hash of its key, which is the member's id.</param>
public readonly record struct Routed(int Index, ulong Key);

/// <summary>A turn of a member without an event.</summary>
/// <param name="Segment">Index of the segment after whose records it happened.</param>
/// <param name="Kind">Why.</param>
/// <param name="Id">The member.</param>
public readonly record struct EventlessTurn(int Segment, EventlessKind Kind, byte[] Id);

/// <summary>Why a member is looked at without an event. The numbers are stored in commits: never change one.</summary>
public enum EventlessKind : byte
{
    /// <summary>Its due time has come and is proven.</summary>
    Wake = 1,

    /// <summary>The rules changed.</summary>
    Settle = 2,
}

/// <summary>What goes through every shard and is committed together: records in the order
/// they were read, and the clock they are applied under.</summary>
/// <remarks>Filled by the intake, then read by all shards, then by the committer; reused. A
/// batch is a barrier: all shards finish it before it commits.</remarks>
public sealed class Batch
{
    private readonly List<Routed>[] byShard;
    private readonly AutoResetSignal finished = new();
    private int remaining;
    private long routedAt;
    private byte[] arena = new byte[256 * 1024];

    /// <summary>A batch for this many shards.</summary>
    public Batch(int shards)
    {
        byShard = new List<Routed>[shards];
        Results = new ShardResult[shards];
        for (var i = 0; i < shards; i++)
        {
            byShard[i] = [];
            Results[i] = new ShardResult();
        }
    }

    /// <summary>The commit it will be.</summary>
    public long Number { get; set; }

    /// <summary>The rules every member is under in this batch.</summary>
    public required RuleSet Rules { get; set; }

    /// <summary>True while a durable commit is applied again after a start: its effects have already been recorded.</summary>
    public bool Recovering { get; set; }

    /// <summary>The records in the order they were read.</summary>
    public List<InputRecord> Records { get; } = [];

    /// <summary>The stretches, in order; the last ends at the last record.</summary>
    public List<Segment> Segments { get; } = [];

    /// <summary>Rows of a replayed file that were left out, by topic, reason and data time: counted beside the rejects.</summary>
    public List<(Topic Topic, string Reason, long At)> Skipped { get; } = [];

    /// <summary>Recovery only: the eventless turns to repeat.</summary>
    public List<EventlessTurn> Recorded { get; } = [];

    /// <summary>Positions after the records.</summary>
    public List<PartitionPosition> Positions { get; } = [];

    /// <summary>What each shard made of it.</summary>
    public ShardResult[] Results { get; }

    /// <summary>The records' bytes.</summary>
    public byte[] Arena => arena;

    /// <summary>How much of the arena is in use.</summary>
    public int ArenaUsed { get; private set; }

    /// <summary>The machine's time when it was filled, epoch milliseconds: decides when
    /// snapshots are taken, never what members become.</summary>
    public long WallClock { get; set; }

    /// <summary>True when every changed member is to be written to the store with this batch (before a stop).</summary>
    public bool Flush { get; set; }

    /// <summary>Time from routing the batch until the last shard has finished it. Used for latency metrics only.</summary>
    public TimeSpan ApplyTime { get; private set; }

    /// <summary>Records that are followed through the pipeline, by index, in order; none while nobody listens.</summary>
    public List<(int Index, ActivityContext Read)> Traces { get; } = [];

    /// <summary>The trace of a record; null when it is not followed.</summary>
    public ActivityContext? TraceOf(int index)
    {
        var at = CollectionsMarshal.AsSpan(Traces).BinarySearch(new TraceIndex(index));
        return at < 0 ? null : Traces[at].Read;
    }

    /// <summary>Begins to follow the records that a trace comes with, and a share of the others.</summary>
    public void Follow(TraceSampling sampling)
    {
        for (var i = 0; i < Records.Count; i++)
        {
            if (Spans.Read(Records[i], sampling) is { } read) Traces.Add((i, read));
        }
    }

    /// <summary>A shard's records, in the order they were read.</summary>
    public ReadOnlySpan<Routed> RecordsOf(int shard) => CollectionsMarshal.AsSpan(byShard[shard]);

    /// <summary>Room for a record's bytes in the arena. Earlier records keep the array they were given.</summary>
    public Span<byte> Reserve(int bytes, out int start)
    {
        if (ArenaUsed + bytes > arena.Length)
        {
            var larger = new byte[Math.Max(arena.Length * 2, ArenaUsed + bytes)];
            arena.AsSpan(0, ArenaUsed).CopyTo(larger);
            for (var i = 0; i < Records.Count; i++) Records[i] = Records[i] with { Buffer = larger };
            arena = larger;
        }

        start = ArenaUsed;
        ArenaUsed += bytes;
        return arena.AsSpan(start, bytes);
    }

    /// <summary>Adds a record whose bytes are in the arena.</summary>
    public void Add(
        Topic topic, int partition, long offset, long timestamp, (int Start, int Length) key, (int Start, int Length) value,
        (int Start, int Length) headers,
        RejectReason refused = RejectReason.None, bool cut = false) =>
        Records.Add(new InputRecord(topic, partition, offset, timestamp, arena, key.Start, key.Length, value.Start, value.Length,
            headers.Start, headers.Length, refused, cut));

    /// <summary>A shard could not handle one of its records: the verdict is kept with the record, and so with the commit.</summary>
    public void Refuse(int index, RejectReason reason)
    {
        ref var record = ref CollectionsMarshal.AsSpan(Records)[index]; // only one shard writes to this record
        record = record with { Refused = reason };
    }

    /// <summary>Assigns every record to its shard; called once the batch is complete and before any shard sees it.</summary>
    public void Route()
    {
        for (var i = 0; i < Records.Count; i++)
        {
            var key = StableHash.Of(Records[i].Key);
            byShard[MemberShare.Of(key, byShard.Length)].Add(new Routed(i, key));
        }

        foreach (var result in Results) result.Clear();
        remaining = Results.Length;
        routedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Called by each shard when it has finished the batch.</summary>
    public void Done()
    {
        if (Interlocked.Decrement(ref remaining) != 0) return;
        ApplyTime = Stopwatch.GetElapsedTime(routedAt);
        finished.Set();
    }

    /// <summary>Waits until every shard is done.</summary>
    public void WaitForShards() => finished.Wait();

    /// <summary>Makes it empty for the next use.</summary>
    public void Clear()
    {
        Records.Clear();
        Segments.Clear();
        Skipped.Clear();
        Recorded.Clear();
        Positions.Clear();
        Traces.Clear();
        foreach (var list in byShard) list.Clear();
        foreach (var result in Results) result.Clear();
        ArenaUsed = 0;
        Recovering = Flush = false;
    }

    /// <summary>Finds a record among those that are followed.</summary>
    private readonly record struct TraceIndex(int Index) : IComparable<(int Index, ActivityContext Read)>
    {
        public int CompareTo((int Index, ActivityContext Read) other) => Index.CompareTo(other.Index);
    }
}
