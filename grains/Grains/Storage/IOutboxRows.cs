using Streaming.Engine.Storing;

namespace Streaming.Grains.Storage;

/// <summary>What the database keeps of one outbox beside what a commit writes. Changes
/// are made under the lease or not at all. Thread-safe.</summary>
/// <remarks>Every member throws <see cref="StoreException"/> when the database is away or refuses.</remarks>
public interface IOutboxRows
{
    /// <summary>What Kafka or ClickHouse refused for good.</summary>
    IParkedItems Parked { get; }

    /// <inheritdoc cref="IOutbox.OutputsAfter"/>
    IEnumerable<StoredOutputs> OutputsAfter(long number);

    /// <inheritdoc cref="IOutbox.Outputs"/>
    byte[]? Outputs(long number);

    /// <summary>The bytes of a waiting block; null when it is not there.</summary>
    byte[]? Block(string table, long number);

    /// <summary>Records the readers' progress without a commit and deletes the commits that all readers have passed.</summary>
    void Passed(Progress progress);

    /// <inheritdoc cref="IBlockOutbox.Delivered"/>
    void Delivered(string table, long upTo);

    /// <inheritdoc cref="IBlockOutbox.Park"/>
    int Park(string table, long number, string reason);
}

/// <summary>How an outbox stands when it is opened.</summary>
/// <param name="LastCommit">Number of its last commit.</param>
/// <param name="Progress">How far its readers had come.</param>
/// <param name="BlockNumbers">The newest block number given per table.</param>
/// <param name="Blocks">Blocks that wait, in order.</param>
/// <param name="Commits">Number and bytes of each commit still there, in order.</param>
public sealed record OutboxState(
    long LastCommit, Progress Progress, IReadOnlyDictionary<string, long> BlockNumbers, IReadOnlyList<PendingBlock> Blocks,
        IReadOnlyList<(long Number, long Bytes)> Commits);
