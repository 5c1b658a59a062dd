using Streaming.Engine.Batches;
using Streaming.Engine.Status;

namespace Streaming.Grains.Receiving;

/// <summary>What a silo's receiver did since its start, and whether something holds it
/// up. Written by the receiver, read by any thread.</summary>
public sealed class ReceiverStatus
{
    private long commits, members, events, repeated, refused, active;

    /// <summary>Commits that landed.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Snapshots written.</summary>
    public long Members => Interlocked.Read(ref members);

    /// <summary>Events applied and durable.</summary>
    public long Events => Interlocked.Read(ref events);

    /// <summary>Records left out because they had been applied before: read again after a failure.</summary>
    public long Repeated => Interlocked.Read(ref repeated);

    /// <summary>Parts refused because another silo owns their members, or their assignment is over.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Members in memory.</summary>
    public long Active => Interlocked.Read(ref active);

    /// <summary>From the first attempt of a commit to its success.</summary>
    public LatencyHistogram CommitTime { get; } = new();

    /// <summary>Why no commit can be written at present, or null.</summary>
    public string? CommitFailure { get; private set; }

    internal void CommitFailing(string? reason) => CommitFailure = reason;

    internal void Committed(GroupWork work, IReadOnlyList<ApplyResult> parts, TimeSpan took)
    {
        Interlocked.Increment(ref commits);
        Interlocked.Add(ref members, work.Changed.Count);
        Interlocked.Add(ref events, parts.Sum(p => p.Counts.Applied.Sum()));
        Interlocked.Add(ref repeated, work.Repeated);
        lock (CommitTime) CommitTime.Add((long)took.TotalMicroseconds);
    }

    internal void Refuse() => Interlocked.Increment(ref refused);

    internal void InMemory(int count) => Interlocked.Exchange(ref active, count);
}
