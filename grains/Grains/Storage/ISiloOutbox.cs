using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;

namespace Streaming.Grains.Storage;

/// <summary>The outbox one silo holds by lease: its commits go there, and what they caused leaves from there.</summary>
/// <remarks>The receiver alone calls it: <see cref="NextAsync"/>, then either <see cref="Landed"/>
/// or <see cref="LostAsync"/>, over and over.</remarks>
public interface ISiloOutbox
{
    /// <summary>True when a commit is wanted although no input came: rows are to be formed into blocks, or readers moved.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    bool Wants(long now);

    /// <summary>What the next commit carries beside the members; waits while no outbox is held.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    Task<CommitHead> NextAsync(long now, CancellationToken cancel);

    /// <summary>The commit is durable: what it caused may leave.</summary>
    /// <param name="commit">As it was written.</param>
    /// <param name="counts">What was applied in it.</param>
    /// <param name="trail">How long its stages took, and which of its messages are followed.</param>
    void Landed(SiloCommit commit, IReadOnlyList<BatchCounts> counts, CommitTrail trail);

    /// <summary>The commit did not land and will not be tried again: drop what <see cref="NextAsync"/> gave for it and read the state from
    /// the store.</summary>
    Task LostAsync(CancellationToken cancel);
}

/// <summary>What a commit carries beside the members.</summary>
/// <param name="Lease">Whose outbox it goes to.</param>
/// <param name="Number">One more than the last that landed there.</param>
/// <param name="Blocks">Blocks formed from earlier commits.</param>
/// <param name="Progress">How far the readers behind are.</param>
/// <param name="Rows">Rows the silo adds of its own (its health); may be empty.</param>
public sealed record CommitHead(OutboxLease Lease, long Number, IReadOnlyList<FormedBlock> Blocks, Progress Progress,
    ReadOnlyMemory<byte> Rows);

/// <summary>What is told of one commit, for metrics and traces.</summary>
/// <param name="Applied">Reading members and applying their records; null when there were no records.</param>
/// <param name="Written">Writing the commit.</param>
/// <param name="Traces">Which of its messages are followed; null when none is.</param>
public readonly record struct CommitTrail(TimeSpan? Applied, TimeSpan Written, MessageTraces? Traces);
