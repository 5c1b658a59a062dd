using Streaming.Engine.Storing;

namespace Streaming.TestKit.Sinks;

/// <summary>An outbox in memory. Empty completes when no block waits.</summary>
public sealed class MemoryOutbox(IEnumerable<FormedBlock> blocks) : IBlockOutbox
{
    private readonly Lock gate = new();
    private readonly List<FormedBlock> waiting = [.. blocks];
    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Blocks taken out of the line, and why.</summary>
    public List<(FormedBlock Block, string Reason)> Parked { get; } = [];

    /// <summary>Completes when nothing waits any more.</summary>
    public Task Empty => empty.Task;

    /// <inheritdoc/>
    public IReadOnlyList<PendingBlock> Pending(string table, int most)
    {
        lock (gate)
        {
            if (waiting.Count == 0) empty.TrySetResult();
            return [.. waiting.Where(b => b.Table == table).Take(most)
                .Select(b => new PendingBlock(b.Table, b.Number, b.Rows, b.Bytes.Length))];
        }
    }

    /// <inheritdoc/>
    public byte[] Read(string table, long number)
    {
        lock (gate) return waiting.Single(b => b.Table == table && b.Number == number).Bytes;
    }

    /// <inheritdoc/>
    public void Delivered(string table, long upTo)
    {
        lock (gate) waiting.RemoveAll(b => b.Table == table && b.Number <= upTo);
    }

    /// <inheritdoc/>
    public int Park(string table, long number, string reason)
    {
        lock (gate)
        {
            var block = waiting.Single(b => b.Table == table && b.Number == number);
            waiting.Remove(block);
            Parked.Add((block, reason));
            return 0;
        }
    }
}
