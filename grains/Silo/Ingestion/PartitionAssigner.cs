using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Kafka.Reading;

namespace Streaming.Silo.Ingestion;

/// <summary>Takes partitions over: a higher generation in the database, and the offset to read from.</summary>
internal sealed class PartitionAssigner(IClusterStore store, KafkaInputPartitions inputs, EndOffsetProbe probe, InputTopics topics,
    IngestionStatus status,
    ILogger<PartitionAssigner> log)
{
    /// <summary>Begins a session for each partition.</summary>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    /// <exception cref="StoreException">The database is away.</exception>
    public async Task<IReadOnlyList<PartitionSession>> BeginAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancel)
    {
        if (partitions.Count == 0) return [];
        await inputs.RefreshAsync(cancel);
        var low = await Task.Run(() => probe.Ask(partitions, OffsetSpec.Earliest()), cancel);
        var high = await Task.Run(() => probe.Ask(partitions, OffsetSpec.Latest()), cancel);
        var begun = await Task.WhenAll(partitions.Select(async p =>
        {
            var id = inputs.IdOf(p.Topic) ?? throw new KafkaException(new Error(Confluent.Kafka.ErrorCode.UnknownTopicOrPart,
                $"{p.Topic} is gone"));
            var assignment = await store.AssignAsync(p.Topic, p.Partition.Value, id, cancel);
            var key = (p.Topic, p.Partition.Value);
            var start = Start(p, assignment.Next, low[key], high[key]);
            log.PartitionBegun(p.Topic, p.Partition.Value, start, assignment.Generation);
            return new PartitionSession(p, topics.Find(p.Topic), id, assignment.Generation, start);
        }));
        probe.Forget(); // an answer of before may tell of another log
        return begun;
    }

    private long Start(TopicPartition partition, long next, long low, long high)
    {
        var (topic, number) = (partition.Topic, partition.Partition.Value);
        if (next < low)
        {
            status.AddGone(low - next);
            log.RecordsExpired(low - next, topic, number);
        }

        if (next > high)
        {
            status.AddGone(next - high);
            log.RecordsLost(next - high, topic, number);
        }

        return Math.Clamp(next, low, high);
    }
}
