using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Kafka.Client;

namespace Streaming.Silo.Ingestion;

/// <summary>The Kafka client of one member of the consumer group. Used by the thread that polls; any thread may tell offsets.</summary>
/// <remarks>What the broker refuses of one partition is logged; a fault of the client as a whole is thrown.</remarks>
internal sealed class GroupClient : IDisposable
{
    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly IngestionStatus status;
    private readonly ILogger log;

    /// <summary>Joins the group. The rebalance is told while the client is polled.</summary>
    public GroupClient(ConsumerConfig config, InputTopics topics, Rebalance rebalance, IngestionStatus status, ILogger<GroupClient> log)
    {
        this.status = status;
        this.log = log;
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, e) => status.LastError = e.Reason)
            .SetLogHandler(ClientLog.To(log))
            .SetPartitionsAssignedHandler((_, partitions) => rebalance.Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Tell(rebalance.Revoked([.. partitions.Select(p => p.TopicPartition)])))
            .SetPartitionsLostHandler((_, partitions) => rebalance.Lost(partitions.Select(p => p.TopicPartition)))
            .Build();
        consumer.Subscribe(topics.Names);
    }

    /// <summary>The next record or end of a partition; null when none comes in time, or the broker refuses.</summary>
    /// <param name="wait">How long to wait.</param>
    /// <param name="refused">Told of a partition that the client fetches no more: it is to be assigned anew.</param>
    /// <exception cref="KafkaException">The client cannot go on.</exception>
    public ConsumeResult<byte[]?, byte[]?>? Poll(TimeSpan wait, Action<TopicPartition> refused)
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            status.LastError = e.Error.Reason;
            log.ReadingRefused(e.Error.Reason);
            // whatever becomes of it, that partition is fetched no more (its offset is out of range, say)
            if (e.ConsumerRecord is { Partition.Value: >= 0 } at) refused(at.TopicPartition);
            return null;
        }
    }

    /// <summary>Reads on at the session's next offset.</summary>
    public void Seek(PartitionSession session) => consumer.Seek(new TopicPartitionOffset(session.Partition, session.Next));

    /// <summary>Fetches the session's partition no more, and throws away what was fetched ahead.</summary>
    public void Pause(PartitionSession session) => Pause(session, true);

    /// <summary>Fetches it again.</summary>
    public void Resume(PartitionSession session) => Pause(session, false);

    /// <summary>Stores offsets in the group, for tools that show lag.</summary>
    public void Tell(IEnumerable<TopicPartitionOffset> offsets)
    {
        foreach (var offset in offsets)
        {
            try
            {
                consumer.StoreOffset(offset);
            }
            catch (KafkaException e)
            {
                log.OffsetNotStored(offset.Topic, offset.Partition.Value, e.Error.Reason);
            }
        }
    }

    /// <summary>Leaves the group.</summary>
    public void Leave()
    {
        try
        {
            consumer.Close();
        }
        catch (KafkaException e)
        {
            log.GroupNotLeft(e.Error.Reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => consumer.Dispose();

    private void Pause(PartitionSession session, bool pause)
    {
        try
        {
            if (pause) consumer.Pause([session.Partition]);
            else consumer.Resume([session.Partition]);
            session.Paused = pause;
        }
        catch (KafkaException e)
        {
            log.PartitionNotPaused(session.Partition.Topic, session.Partition.Partition.Value, e.Error.Reason);
        }
    }
}
