using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Engine.Tracing;

namespace Streaming.Engine.Commits;

/// <summary>Sends the messages of durable commits. Thread-safe.</summary>
public interface IMessageSink
{
    /// <summary>All messages of the commits up to here are acknowledged.</summary>
    long Sent { get; }

    /// <summary>A commit became durable: its messages may leave. They are copied if memory allows; otherwise the sink reads them back from
    /// the store.</summary>
    /// <param name="number">The commit.</param>
    /// <param name="outputs">What it caused (<see cref="OutputCodec"/>).</param>
    /// <param name="traces">Which of its messages are followed; forgotten with the copy.</param>
    void Durable(long number, ReadOnlySpan<byte> outputs, MessageTraces? traces = null);
}

/// <summary>Forms the rows of durable commits into numbered blocks. Thread-safe.</summary>
public interface IBlockForming
{
    /// <summary>All rows of the commits up to here are in durable blocks.</summary>
    long Formed { get; }

    /// <summary>True when no row waits.</summary>
    bool Empty { get; }

    /// <summary>Whether blocks should be formed now, epoch milliseconds.</summary>
    bool Due(long now);

    /// <summary>Blocks to be made durable with commit <paramref name="number"/>, when they are due;
    /// and the last commit whose rows all stand in blocks then.</summary>
    /// <param name="number">The commit they go with; rows of those before it are in them.</param>
    /// <param name="now">Epoch milliseconds.</param>
    /// <param name="all">Form even what is not due.</param>
    (IReadOnlyList<FormedBlock> Blocks, long Formed) Form(long number, long now, bool all);

    /// <summary>A commit became durable, and with it what <see cref="Form"/> gave: its rows may be formed from now on.</summary>
    void Durable(long number, ReadOnlySpan<byte> outputs, long formedNow);
}
