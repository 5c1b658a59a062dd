using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Sending;

/// <summary>Rows of durable commits on their way into blocks: blocks formed now become durable with the next commit. Thread-safe.</summary>
public sealed class BlockForming : IBlockForming
{
    private readonly Lock gate = new();
    private readonly BlockBuilder builder;
    private long formed;
    private bool given;

    /// <summary>Continues from the outbox: adds the rows of its commits that no block contains yet.</summary>
    public BlockForming(IOutbox outbox, WriterIdentity writer, BlockSettings settings)
    {
        builder = new BlockBuilder(writer, settings, outbox.LastBlockNumbers, outbox.Progress.Formed);
        formed = outbox.Progress.Formed;
        foreach (var commit in outbox.OutputsAfter(formed)) Add(commit.Number, commit.Outputs);
    }

    /// <summary>Told when blocks became durable: they may be sent. Default: nobody.</summary>
    public Action? Ready { private get; init; }

    /// <summary>All rows of the commits up to here stand in durable blocks.</summary>
    public long Formed => Interlocked.Read(ref formed);

    /// <summary>True when no row waits.</summary>
    public bool Empty
    {
        get
        {
            lock (gate) return builder.Pending.Rows == 0;
        }
    }

    /// <summary>Whether blocks should be formed now, epoch milliseconds.</summary>
    public bool Due(long now)
    {
        lock (gate) return builder.Due(now);
    }

    /// <summary>Blocks to be made durable with commit <paramref name="number"/>, when they are due;
    /// and the last commit whose rows all stand in blocks then.</summary>
    /// <param name="number">The commit they go with; rows of those before it are in them.</param>
    /// <param name="now">Epoch milliseconds.</param>
    /// <param name="all">Form even what is not due.</param>
    public (IReadOnlyList<FormedBlock> Blocks, long Formed) Form(long number, long now, bool all)
    {
        lock (gate)
        {
            IReadOnlyList<FormedBlock> blocks = all || builder.Due(now) ? builder.Form(now) : [];
            given = blocks.Count > 0;
            return (blocks, builder.Pending.Rows == 0 ? number - 1 : formed);
        }
    }

    /// <summary>A commit became durable, and with it what <see cref="Form"/> gave: its rows may be formed from now on.</summary>
    public void Durable(long number, ReadOnlySpan<byte> outputs, long formedNow)
    {
        bool ready;
        lock (gate)
        {
            Add(number, outputs);
            Interlocked.Exchange(ref formed, formedNow);
            (ready, given) = (given, false);
        }

        if (ready) Ready?.Invoke();
    }

    private void Add(long number, ReadOnlySpan<byte> outputs) => OutputCodec.Rows(outputs, chunk => builder.Add(chunk, number));
}
