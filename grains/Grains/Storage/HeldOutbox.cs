using Streaming.Pipeline.Sinks.ClickHouse;
using Streaming.Pipeline.Store;

namespace Streaming.Grains.Storage;

/// <summary>An outbox under a lease. What waits in it is counted here, since nobody else can write to it; the bytes stay in the database. Thread-safe.</summary>
public sealed class HeldOutbox : IOutbox, IBlockOutbox
{
    private readonly Lock gate = new();
    private readonly IOutboxRows rows;
    private readonly LeaseTerm term;
    private readonly Dictionary<string, Queue<PendingBlock>> waiting = new(StringComparer.Ordinal);
    private readonly SpoolGauge spool;
    private long blocks, blockBytes;

    /// <summary>An outbox as it stands.</summary>
    /// <param name="lease">The right to it.</param>
    /// <param name="state">How it stands.</param>
    /// <param name="rows">Its rows in the database.</param>
    /// <param name="term">Until when blocks may be sent.</param>
    public HeldOutbox(OutboxLease lease, OutboxState state, IOutboxRows rows, LeaseTerm term)
    {
        (Lease, this.rows, this.term) = (lease, rows, term);
        (LastCommit, Progress, LastBlockNumbers) = (state.LastCommit, state.Progress, state.BlockNumbers);
        spool = new SpoolGauge(state.Commits);
        foreach (var block in state.Blocks) Add(block);
    }

    /// <summary>The right to it.</summary>
    public OutboxLease Lease { get; }

    /// <inheritdoc/>
    public long LastCommit { get; }

    /// <inheritdoc/>
    public Progress Progress { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> LastBlockNumbers { get; }

    /// <inheritdoc/>
    public IBlockOutbox Blocks => this;

    /// <inheritdoc/>
    public IParkedItems Parked => rows.Parked;

    /// <inheritdoc/>
    public long SpoolBytes => spool.Bytes + Interlocked.Read(ref blockBytes);

    /// <inheritdoc/>
    public long BlocksWaiting => Interlocked.Read(ref blocks);

    /// <inheritdoc/>
    public IEnumerable<StoredOutputs> OutputsAfter(long number) => rows.OutputsAfter(number);

    /// <inheritdoc/>
    public byte[]? Outputs(long number) => rows.Outputs(number);

    /// <summary>A commit landed in it.</summary>
    public void Landed(SiloCommit commit)
    {
        spool.Committed(commit.Number, commit.Outputs.Length, commit.Progress);
        lock (gate)
        {
            foreach (var block in commit.Blocks) Add(new PendingBlock(block.Table, block.Number, block.Rows, block.Bytes.Length));
        }
    }

    /// <inheritdoc/>
    IReadOnlyList<PendingBlock> IBlockOutbox.Pending(string table, int most)
    {
        lock (gate) return waiting.TryGetValue(table, out var queue) ? [.. queue.Take(most)] : [];
    }

    /// <inheritdoc/>
    byte[] IBlockOutbox.Read(string table, long number)
    {
        // An insert begun now must have ended before anybody else may look for what has landed.
        if (!term.Safe) throw new StoreException($"The lease of outbox {Lease.Writer} ends too soon ({term.Left.TotalSeconds:0} s) for another block to be sent: it is renewed once the database answers.", true);
        return rows.Block(table, number) ?? throw new StoreException($"Block {number} of {table} is not in outbox {Lease.Writer}: another silo holds it by now.", true);
    }

    /// <inheritdoc/>
    void IBlockOutbox.Delivered(string table, long upTo)
    {
        rows.Delivered(table, upTo);
        Remove(table, upTo);
    }

    /// <inheritdoc/>
    void IBlockOutbox.Park(string table, long number, string reason)
    {
        rows.Park(table, number, reason);
        Remove(table, number);
    }

    private void Add(PendingBlock block)
    {
        if (!waiting.TryGetValue(block.Table, out var queue)) waiting[block.Table] = queue = new Queue<PendingBlock>();
        queue.Enqueue(block);
        Interlocked.Increment(ref blocks);
        Interlocked.Add(ref blockBytes, block.Bytes);
    }

    private void Remove(string table, long upTo)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(table, out var queue)) return;
            while (queue.TryPeek(out var first) && first.Number <= upTo)
            {
                queue.Dequeue();
                Interlocked.Decrement(ref blocks);
                Interlocked.Add(ref blockBytes, -first.Bytes);
            }
        }
    }
}
