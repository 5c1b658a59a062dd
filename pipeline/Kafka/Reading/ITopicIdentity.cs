using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Kafka.Reading;

/// <summary>Identifies the log of a topic: a topic that was deleted and created again has another identity, and offsets of the old log mean
/// nothing in it.</summary>
public interface ITopicIdentity
{
    /// <summary>Raised, before any client can reach the new log, when a log known here is gone for good.</summary>
    event Action? Changed;

    /// <summary>The identity of each topic now.</summary>
    /// <exception cref="KafkaException">The broker does not answer; to be tried again.</exception>
    Task<IReadOnlyDictionary<string, string>> ReadAsync(IReadOnlyList<string> topics, CancellationToken stop);
}

/// <summary>Asks the broker for its topic ids. For a broker too old to have topic ids the identity is always <c>unnamed</c>.</summary>
public sealed class BrokerTopicIdentity(IAdminClient admin) : ITopicIdentity
{
    /// <inheritdoc/>
    public event Action? Changed
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(IReadOnlyList<string> topics, CancellationToken stop)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics),
                new DescribeTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(10) }).WaitAsync(stop);
            foreach (var topic in described.TopicDescriptions) ids[topic.Name] = topic.TopicId.ToString();
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion)
        {
            foreach (var topic in topics) ids[topic] = "unnamed";
        }

        return ids;
    }
}

/// <summary>For a broker that keeps its data in memory and was started by this program: its logs end with its process.</summary>
/// <param name="life">The current life; waits while the broker is being started anew.</param>
public sealed class BrokerLogIdentity(Func<CancellationToken, Task<string>> life) : ITopicIdentity
{
    /// <inheritdoc/>
    public event Action? Changed;

    /// <summary>To be called when the broker has died, before it is started again.</summary>
    public void Died() => Changed?.Invoke();

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(IReadOnlyList<string> topics, CancellationToken stop)
    {
        var now = await life(stop);
        return topics.ToDictionary(t => t, _ => now, StringComparer.Ordinal);
    }
}
