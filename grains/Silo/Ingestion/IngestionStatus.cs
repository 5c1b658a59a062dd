using Streaming.Engine.Status;

namespace Streaming.Silo.Ingestion;

/// <summary>How a silo's ingestion is, for health, metrics and the ops page. Thread-safe.</summary>
public sealed class IngestionStatus
{
    private long gone, batches, records, failures, restarts, lag = -1;
    private int partitions;
    private volatile PastError? error;

    /// <summary>Partitions this silo reads at present.</summary>
    public int Partitions { get => Volatile.Read(ref partitions); internal set => Volatile.Write(ref partitions, value); }

    /// <summary>Records waiting in the broker in those partitions; −1 while unknown.</summary>
    public long Lag { get => Interlocked.Read(ref lag); internal set => Interlocked.Exchange(ref lag, value); }

    /// <summary>Records that were gone from the broker before they were read.</summary>
    public long Gone => Interlocked.Read(ref gone);

    /// <summary>Batches that are durable in every silo they touch.</summary>
    public long Batches => Interlocked.Read(ref batches);

    /// <summary>Records in them.</summary>
    public long Records => Interlocked.Read(ref records);

    /// <summary>Sessions of partitions that ended because something of them did not land.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>Times the whole graph was started anew.</summary>
    public long Restarts => Interlocked.Read(ref restarts);

    /// <summary>The last error, kept after it is over; null when there was none.</summary>
    public PastError? Error => error;

    /// <summary>What the last error said. Setting it notes the time.</summary>
    public string? LastError { get => error?.Reason; internal set => error = value is null ? null : PastError.Now(value); }

    /// <summary>Told the timestamps (epoch milliseconds) of each batch's records once they are read. Set before reading begins.</summary>
    public Action<IReadOnlyList<long>> Read { get; set; } = _ => { };

    /// <summary>Told the timestamps (epoch milliseconds) of each batch's records once they are
    /// durable in every silo they touch. Set before reading begins.</summary>
    public Action<IReadOnlyList<long>> Durable { get; set; } = _ => { };

    internal void AddGone(long count) => Interlocked.Add(ref gone, count);

    internal void Landed(PartitionBatch batch)
    {
        Interlocked.Increment(ref batches);
        Interlocked.Add(ref records, batch.Count);
        Durable(batch.Timestamps);
    }

    internal void Failed() => Interlocked.Increment(ref failures);

    internal void Restarted() => Interlocked.Increment(ref restarts);
}
