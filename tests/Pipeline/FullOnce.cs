using Streaming.Engine.Storing;

namespace Streaming.Pipeline.Tests;

/// <summary>An outbox that cannot park anything the first time, as when the disk is full.</summary>
internal sealed class FullOnce(IOutbox inner) : IOutbox, IParkedItems
{
    public bool Refused { get; private set; }

    public long LastCommit => inner.LastCommit;

    public Progress Progress => inner.Progress;

    public IReadOnlyDictionary<string, long> LastBlockNumbers => inner.LastBlockNumbers;

    public IBlockOutbox Blocks => inner.Blocks;

    public IParkedItems Parked => this;

    public long SpoolBytes => inner.SpoolBytes;

    public long BlocksWaiting => inner.BlocksWaiting;

    public long Count => inner.Parked.Count;

    public IEnumerable<StoredOutputs> OutputsAfter(long number) => inner.OutputsAfter(number);

    public byte[]? Outputs(long number) => inner.Outputs(number);

    public int Add(string kind, string target, string reason, byte[] bytes)
    {
        if (Refused) return inner.Parked.Add(kind, target, reason, bytes);
        Refused = true;
        throw new StoreException("full for a moment", true);
    }

    public IReadOnlyList<ParkedItem> List(int most, long after = 0) => inner.Parked.List(most, after);

    public IReadOnlyList<ParkedItem> ToRedrive(string kind) => inner.Parked.ToRedrive(kind);

    public bool Redrive(long id) => inner.Parked.Redrive(id);

    public bool Remove(long id) => inner.Parked.Remove(id);
}
