using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contract.Records;

namespace Streaming.Kafka.Reading;

/// <summary>One partition's log as the broker has it now.</summary>
/// <param name="At">The partition.</param>
/// <param name="TopicId">Incarnation of the topic the offsets belong to.</param>
/// <param name="Low">The first offset the broker still keeps.</param>
/// <param name="High">The offset behind its last record.</param>
internal readonly record struct PartitionLog(TopicPartition At, string TopicId, long Low, long High);

/// <summary>Asks the broker which partitions the input topics have, the identity of each log and its first and last offset.</summary>
internal sealed class TopicLogs(InputTopics topics, ITopicIdentity identity, BrokerPartitions partitions, EndOffsetProbe probe)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Every partition's log; null when a topic's log was replaced while the offsets were read, because they may belong to either
    /// log.</summary>
    /// <remarks>Never waits long: the caller's other work (wakes, rows that are to become blocks, a stop) goes on meanwhile.</remarks>
    /// <exception cref="KafkaException">The broker does not answer as needed.</exception>
    /// <exception cref="OperationCanceledException">It did not answer within five seconds, or <paramref name="stop"/>.</exception>
    public IReadOnlyList<PartitionLog>? Ask(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AnswerWithin);
        return AskAsync(patience.Token).GetAwaiter().GetResult();
    }

    private async Task<IReadOnlyList<PartitionLog>?> AskAsync(CancellationToken stop)
    {
        var ids = await identity.ReadAsync(topics.Names, stop);
        var all = await partitions.AskAsync().WaitAsync(stop);
        var low = await probe.AskAsync(all, OffsetSpec.Earliest()).WaitAsync(stop);
        var high = await probe.AskAsync(all, OffsetSpec.Latest()).WaitAsync(stop);
        var still = await identity.ReadAsync(topics.Names, stop);
        return topics.Names.Any(t => still[t] != ids[t])
            ? null
            : [.. all.Select(at => new PartitionLog(at, ids[at.Topic], low[(at.Topic, at.Partition.Value)],
                high[(at.Topic, at.Partition.Value)]))];
    }
}
