using Streaming.Engine.Storing;

namespace Streaming.Pipeline.Tests;

/// <summary>An outbox whose first read of one commit fails, as when a database is away.</summary>
internal sealed class OutboxFailingOnce(IOutbox inner, long commit) : IOutbox
{
    public bool Failed { get; private set; }

    public long LastCommit => inner.LastCommit;

    public Progress Progress => inner.Progress;

    public IReadOnlyDictionary<string, long> LastBlockNumbers => inner.LastBlockNumbers;

    public IBlockOutbox Blocks => inner.Blocks;

    public IParkedItems Parked => inner.Parked;

    public long SpoolBytes => inner.SpoolBytes;

    public long BlocksWaiting => inner.BlocksWaiting;

    public IEnumerable<StoredOutputs> OutputsAfter(long number) => inner.OutputsAfter(number);

    public byte[]? Outputs(long number)
    {
        if (number != commit || Failed) return inner.Outputs(number);
        Failed = true;
        throw new StoreException("away for a moment", true);
    }
}
