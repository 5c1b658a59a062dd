using Confluent.Kafka;
using Streaming.Kafka.Client;

namespace Streaming.Kafka.Reading;

/// <summary>Asks the broker which partitions topics have now.</summary>
internal sealed class BrokerPartitions(IAdminClient admin, IReadOnlyList<string> topics)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>Every partition, in the order of the topics; none of a topic that is not there.</summary>
    /// <remarks>Asked on a thread of its own. If the caller stops waiting, the call goes on inside the client; so the client's handle is
    /// held until it has ended.</remarks>
    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public Task<IReadOnlyList<TopicPartition>> AskAsync()
    {
        var held = NativeClient.Hold(admin);
        return Task.Run(() =>
        {
            try
            {
                var counts = admin.GetMetadata(AnswerWithin).Topics.ToDictionary(t => t.Topic, t =>
                    t.Partitions.Count, StringComparer.Ordinal);
                return (IReadOnlyList<TopicPartition>)[.. topics.SelectMany(t =>
                    Enumerable.Range(0, counts.GetValueOrDefault(t)).Select(p => new TopicPartition(t, p)))];
            }
            finally
            {
                held.DangerousRelease();
            }
        });
    }
}
