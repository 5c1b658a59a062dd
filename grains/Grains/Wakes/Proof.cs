using System.Diagnostics;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Wakes;

/// <summary>The time up to which every partition of every input topic is read and durable. One query for the whole silo.</summary>
/// <remarks>Thread-safe. An answer is used for 250 ms: an older one is late, never wrong.</remarks>
public sealed class Proof(IClusterStore store, IInputPartitions inputs) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);
    private readonly SemaphoreSlim gate = new(1);
    private long askedAt;
    private long proven = long.MinValue;

    /// <summary>The moment, epoch milliseconds; <see cref="long.MinValue"/> while it is not known for one of them.</summary>
    public async Task<long> ProvenAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (askedAt != 0 && Stopwatch.GetElapsedTime(askedAt) < Fresh) return proven;
            var (all, knownAt) = inputs.Now;
            var asking = Stopwatch.GetTimestamp();
            proven = all.Count == 0 ? long.MinValue : Math.Min(knownAt, await store.ProvenAsync(all, CancellationToken.None));
            askedAt = asking;
            return proven;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}

/// <summary>What there is to read.</summary>
public interface IInputPartitions
{
    /// <summary>Every partition of every input topic, as the broker told last (empty while it has
    /// not), and just before when it was asked, epoch milliseconds.</summary>
    /// <remarks>A partition added after that holds only what came after it: proof reaches that far.</remarks>
    (IReadOnlyCollection<InputPartition> All, long AskedAt) Now { get; }
}
