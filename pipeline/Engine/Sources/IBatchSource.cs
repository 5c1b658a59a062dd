using Streaming.Engine.Batches;
using Streaming.Engine.Status;

namespace Streaming.Engine.Sources;

/// <summary>Where batches get their records and their clock from. Used by the intake's thread alone.</summary>
public interface IBatchSource : IDisposable
{
    /// <summary>Fills an empty batch: records, segments (at least one), positions.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="wait">How long to wait for the first record.</param>
    /// <param name="nextDue">When the next wake may be due, epoch milliseconds: the source finds proof for it.</param>
    /// <param name="stop">Ends a wait.</param>
    void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop);

    /// <summary>Fetches nothing for this long and keeps the connection alive.</summary>
    void Hold(TimeSpan time);

    /// <summary>Reachability, lag and errors of the source.</summary>
    SourceStatus Status { get; }
}

/// <summary>How a source is, for health and the ops page. Written by the intake, read by any thread.</summary>
public sealed class SourceStatus
{
    /// <summary>Since when the broker cannot be reached, epoch milliseconds; 0 while it can.</summary>
    public long AwaySince { get => Interlocked.Read(ref awaySince); set => Interlocked.Exchange(ref awaySince, value); }

    /// <summary>Records that were gone from the broker before they were read, since the start.</summary>
    public long Gone { get => Interlocked.Read(ref gone); set => Interlocked.Exchange(ref gone, value); }

    /// <summary>Records waiting in the broker, all partitions together; −1 while unknown.</summary>
    public long Lag { get => Interlocked.Read(ref lag); set => Interlocked.Exchange(ref lag, value); }

    /// <summary>Partitions that cannot be read on before an operator acts. Another list whenever that changes.</summary>
    public IReadOnlyList<BlockedPartition> Blocked { get; set; } = [];

    /// <summary>The last error, kept after it is over; null when there was none.</summary>
    public PastError? Error { get => error; set => error = value; }

    /// <summary>What the last error said. Setting it notes the time.</summary>
    public string? LastError { get => error?.Reason; set => error = value is null ? null : PastError.Now(value); }

    private long awaySince, gone, lag = -1;
    private volatile PastError? error;
}
