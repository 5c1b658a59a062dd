using System.Numerics;

namespace Streaming.Engine.Status;

/// <summary>Counts durations from 1 µs to 2 hours in buckets, sixteen to each doubling. A quantile is its bucket's lower end: at most 6 %
/// below the true one. Written by one thread, read by any (a reading may be a moment old).</summary>
/// <remarks>Not HdrHistogram, because its counts can neither be read while another thread writes them nor be subtracted as plain
/// arrays.</remarks>
public sealed class LatencyHistogram
{
    private const int SubBuckets = 16;
    private readonly long[] counts = new long[33 * SubBuckets];
    private long total;

    /// <summary>Durations counted.</summary>
    public long Count => Interlocked.Read(ref total);

    /// <summary>Counts one duration, in microseconds; below 1 counts as 1.</summary>
    public void Add(long microseconds)
    {
        var v = (ulong)Math.Clamp(microseconds, 1, 7_200_000_000);
        var octave = BitOperations.Log2(v);
        var sub = octave >= 4 ? (int)((v >> (octave - 4)) & 15) : (int)((v << (4 - octave)) & 15);
        counts[(octave * SubBuckets) + sub]++;
        total++;
    }

    /// <summary>The duration, in seconds, that this share of all stays below; 0 when there are none.</summary>
    public double Quantile(double share) => Quantile(counts, share);

    /// <summary>The counts by bucket: two of them subtracted are the durations between.</summary>
    public long[] Counts() => [.. counts];

    /// <summary>As <see cref="Quantile(double)"/>, of counts by bucket.</summary>
    public static double Quantile(ReadOnlySpan<long> counts, double share)
    {
        var left = (long)Math.Ceiling(Sum(counts) * share);
        for (var i = 0; i < counts.Length && left > 0; i++)
        {
            left -= counts[i];
            if (left <= 0) return Math.ScaleB(1 + ((i % SubBuckets) / (double)SubBuckets), i / SubBuckets) / 1e6;
        }

        return 0;
    }

    /// <summary>Back to none.</summary>
    public void Clear()
    {
        Array.Clear(counts);
        total = 0;
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
