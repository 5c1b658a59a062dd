using System.Collections.Concurrent;

namespace Streaming.Engine.Storing;

/// <summary>Keeps count of the bytes of commits not yet passed by all readers. Written by one thread, read by any.</summary>
public sealed class SpoolGauge
{
    private readonly ConcurrentQueue<(long Number, long Bytes)> commits = new();
    private long bytes;

    /// <summary>A gauge that goes on from what is stored.</summary>
    /// <param name="stored">Number and size of every commit there, in order.</param>
    public SpoolGauge(IEnumerable<(long Number, long Bytes)> stored)
    {
        foreach (var (number, size) in stored) Enqueue(number, size);
    }

    /// <summary>Bytes waiting.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>A commit was stored, and with it how far the readers were.</summary>
    public void Committed(long number, long size, Progress progress)
    {
        Enqueue(number, size);
        Passed(progress);
    }

    /// <summary>Readers moved on; what all of them passed is gone.</summary>
    public void Passed(Progress progress)
    {
        var all = Math.Min(progress.Settled, Math.Min(progress.Sent, progress.Formed));
        while (commits.TryPeek(out var oldest) && oldest.Number <= all && commits.TryDequeue(out oldest))
        {
            Interlocked.Add(ref bytes, -oldest.Bytes);
        }
    }

    private void Enqueue(long number, long size)
    {
        commits.Enqueue((number, size));
        Interlocked.Add(ref bytes, size);
    }
}
