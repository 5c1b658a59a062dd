using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Ingestion;

/// <summary>What a silo does when the group gives it partitions or takes them away.</summary>
/// <remarks>
/// Rebalances are cooperative: what stays with a silo goes on undisturbed, and a partition that moves is held until what is on its way has
/// landed, so that its next owner repeats nothing. That nothing is lost or applied twice does not rest on that: the generation of an
/// assignment fences off whatever comes late. Used by the thread that polls.
/// </remarks>
internal sealed class Rebalance(PartitionSessions sessions, PartitionAssigner assigner, GroupProgress progress, IngestionSettings settings,
    ILogger<Rebalance> log, CancellationToken stop)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes partitions over; gives where to read each from.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    /// <exception cref="StoreException">The database is away.</exception>
    public IReadOnlyList<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        var begun = assigner.BeginAsync(partitions, stop).GetAwaiter().GetResult();
        sessions.Begin(begun);
        return [.. begun.Select(s => new TopicPartitionOffset(s.Partition, s.Next))];
    }

    /// <summary>Hands partitions over once what is on its way has landed, or the time for that is over; gives what is durable.</summary>
    public IReadOnlyList<TopicPartitionOffset> Revoked(List<TopicPartition> partitions)
    {
        var until = Environment.TickCount64 + (long)settings.HandOver.TotalMilliseconds;
        while (Environment.TickCount64 < until && sessions.Underway(partitions)) sessions.BatchEnded.Wait(Wait);
        try
        {
            return progress.WriteAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (StoreException e)
        {
            log.HandOverNotWritten(partitions.Count, e.Message);
            return [];
        }
        finally
        {
            sessions.Drop(partitions);
        }
    }

    /// <summary>Partitions that another silo has by now.</summary>
    public void Lost(IEnumerable<TopicPartition> partitions) => sessions.Drop(partitions);
}
