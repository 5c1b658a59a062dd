using Streaming.Engine.Storing;

namespace Streaming.Grains.Storage;

/// <summary>An outbox under a lease. What waits in it is counted here, since nobody else can
/// write to it; the bytes stay in the database. Thread-safe.</summary>
public sealed class LeasedOutbox : IOutbox, IBlockOutbox
{
    private readonly Lock gate = new();
    private readonly IOutboxRows rows;
    private readonly LeaseTerm term;
    private readonly Dictionary<string, Queue<PendingBlock>> waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> newest = new(StringComparer.Ordinal);
    private readonly SpoolGauge spool = new([]);
    private long newestCommit, blocks, blockBytes;
    private OutboxState state;

    private LeasedOutbox(OutboxLease lease, OutboxState state, IOutboxRows rows, LeaseTerm term)
    {
        (Lease, this.rows, this.term, this.state) = (lease, rows, term, state);
        Take(state);
    }

    /// <summary>The right to it.</summary>
    public OutboxLease Lease { get; }

    /// <inheritdoc/>
    public long LastCommit => state.LastCommit;

    /// <inheritdoc/>
    public Progress Progress => state.Progress;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> LastBlockNumbers => state.BlockNumbers;

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

    /// <summary>Opens an outbox as it stands.</summary>
    /// <param name="outboxes">Where it is.</param>
    /// <param name="lease">The right to it.</param>
    /// <param name="term">Until when blocks may be sent.</param>
    /// <param name="cancel">Gives up.</param>
    /// <inheritdoc cref="IOutboxes.StateAsync" path="/exception"/>
    public static async Task<LeasedOutbox> OpenAsync(IOutboxes outboxes, OutboxLease lease, LeaseTerm term, CancellationToken cancel) =>
        new(lease, await outboxes.StateAsync(lease, cancel), outboxes.RowsOf(lease), term);

    /// <summary>Asks the database how it stands, after a commit of which nobody knows whether it landed.</summary>
    /// <inheritdoc cref="IOutboxes.StateAsync" path="/exception"/>
    public async Task ResumeAsync(IOutboxes outboxes, CancellationToken cancel) => Take(await outboxes.StateAsync(Lease, cancel));

    /// <summary>A commit landed in it.</summary>
    public void Landed(SiloCommit commit)
    {
        lock (gate)
        {
            Add(commit.Number, commit.Outputs.Length, commit.Progress);
            foreach (var block in commit.Blocks) Add(new PendingBlock(block.Table, block.Number, block.Rows, block.Bytes.Length));
        }
    }

    /// <summary>Records the readers' progress without a commit.</summary>
    /// <exception cref="StoreException">The database is away or refuses.</exception>
    public void Passed(Progress progress)
    {
        rows.Passed(progress);
        lock (gate) spool.Passed(progress);
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
        if (!term.Safe)
        {
            throw new StoreException($"The lease of outbox {Lease.Writer} ends too soon ({term.Left.TotalSeconds:0} s) for another block " +
                $"to be sent: it is renewed once the database answers.", true);
        }
        return rows.Block(table, number) ?? throw new StoreException($"Block {number} of {table} is not in outbox {Lease.Writer}: " +
            $"another silo holds it by now.", true);
    }

    /// <inheritdoc/>
    void IBlockOutbox.Delivered(string table, long upTo)
    {
        rows.Delivered(table, upTo);
        Remove(table, upTo);
    }

    /// <inheritdoc/>
    int IBlockOutbox.Park(string table, long number, string reason)
    {
        var forgotten = rows.Park(table, number, reason);
        Remove(table, number);
        return forgotten;
    }

    /// <summary>Records what is new; items that were known before and are gone have been delivered meanwhile.</summary>
    private void Take(OutboxState now)
    {
        lock (gate)
        {
            state = now;
            foreach (var (number, bytes) in now.Commits) Add(number, bytes, now.Progress);
            foreach (var block in now.Blocks) Add(block);
        }
    }

    private void Add(long number, long bytes, Progress progress)
    {
        if (number <= newestCommit) return;
        newestCommit = number;
        spool.Committed(number, bytes, progress);
    }

    private void Add(PendingBlock block)
    {
        if (block.Number <= newest.GetValueOrDefault(block.Table)) return;
        newest[block.Table] = block.Number;
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
