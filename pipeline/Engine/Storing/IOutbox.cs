namespace Streaming.Engine.Storing;

/// <summary>What the durable commits of one writer caused and what is still to leave: messages for Kafka, rows for blocks, blocks for
/// ClickHouse. Thread-safe.</summary>
/// <remarks>What senders need of a store. <see cref="LastCommit"/>, <see cref="Progress"/> and <see cref="LastBlockNumbers"/> do not
/// change: they show the store as it was when opened.</remarks>
public interface IOutbox
{
    /// <summary>Number of the last durable commit when it was opened; 0 for a new one.</summary>
    long LastCommit { get; }

    /// <summary>How far each reader had come when it was opened.</summary>
    Progress Progress { get; }

    /// <summary>The newest block number given per table when it was opened.</summary>
    IReadOnlyDictionary<string, long> LastBlockNumbers { get; }

    /// <summary>Blocks waiting for ClickHouse.</summary>
    IBlockOutbox Blocks { get; }

    /// <summary>What the far sides refused for good.</summary>
    IParkedItems Parked { get; }

    /// <summary>Bytes waiting on disk for Kafka, ClickHouse or snapshots: what the spool limit bounds.</summary>
    long SpoolBytes { get; }

    /// <summary>Formed blocks waiting for ClickHouse.</summary>
    long BlocksWaiting { get; }

    /// <summary>What durable commits after <paramref name="number"/> caused, in order, one at a time.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    IEnumerable<StoredOutputs> OutputsAfter(long number);

    /// <summary>The outputs of one durable commit, or null when it is gone.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    byte[]? Outputs(long number);
}

/// <summary>What one durable commit caused (<see cref="OutputCodec"/>).</summary>
public readonly record struct StoredOutputs(long Number, byte[] Outputs);
