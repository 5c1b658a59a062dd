using System.Buffers;
using System.Collections.Concurrent;
using Streaming.Engine.Batches;
using Streaming.Engine.Tracing;

namespace Streaming.Kafka.Sending;

/// <summary>Messages of the latest durable commits, kept so that sending them needs no read of the store. At most 64 MiB; older ones
/// are read from the store. Thread-safe.</summary>
internal sealed class RecentCommits
{
    private const long Limit = 64 << 20;
    private readonly ConcurrentDictionary<long, Rented> kept = new();
    private long bytes;

    /// <summary>Copies the messages among a commit's outputs, while there is room.</summary>
    public void Keep(long number, ReadOnlySpan<byte> outputs, MessageTraces? traces)
    {
        if (Interlocked.Read(ref bytes) >= Limit) return;
        var messages = OutputCodec.Messages(outputs);
        var copy = new Rented(ArrayPool<byte>.Shared.Rent(messages.Length), messages.Length, traces);
        messages.CopyTo(copy.Array);
        if (kept.TryAdd(number, copy)) Interlocked.Add(ref bytes, messages.Length);
    }

    /// <summary>Takes a commit's messages out; null when they are not here.</summary>
    public Rented? Take(long number)
    {
        if (!kept.TryRemove(number, out var copy)) return null;
        Interlocked.Add(ref bytes, -copy.Length);
        return copy;
    }

    /// <summary>The messages of one commit, to be given back once they have been handed over.</summary>
    public readonly record struct Rented(byte[] Array, int Length, MessageTraces? Traces)
    {
        public ReadOnlySpan<byte> Bytes => Array.AsSpan(0, Length);

        public void Return() => ArrayPool<byte>.Shared.Return(Array);
    }
}
