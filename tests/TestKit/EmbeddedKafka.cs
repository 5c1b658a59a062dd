using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Broker;
using Streaming.Kafka.Client;

namespace Streaming.TestKit;

/// <summary>One broker for one test or several, with topics that no other test touches.</summary>
public sealed class EmbeddedKafka : IAsyncDisposable
{
    private readonly TemporaryDirectory? directory;
    private readonly string prefix;
    private readonly IReadOnlyList<TopicSpec> topics;

    private EmbeddedKafka(KafkaKind kind, EmbeddedBroker? broker, TemporaryDirectory? directory, string prefix,
        IReadOnlyList<TopicSpec> topics)
    {
        (Kind, Broker, this.directory, this.prefix, this.topics) = (kind, broker, directory, prefix, topics);
        BootstrapServers = broker?.BootstrapServers ?? KafkaKinds.Bootstrap!;
    }

    /// <summary>Which broker it is.</summary>
    public KafkaKind Kind { get; }

    /// <summary>What clients dial.</summary>
    public string BootstrapServers { get; }

    /// <summary>The embedded broker; null for an external one.</summary>
    public EmbeddedBroker? Broker { get; }

    /// <summary>Where an embedded broker keeps its log; null for an external one.</summary>
    public string? DataDirectory => directory?.Path;

    /// <summary>Starts a broker of the kind (an external one runs already) and makes the topics.</summary>
    /// <param name="kind">One that this machine has, see <see cref="KafkaKinds"/>.</param>
    /// <param name="topics">The topics, by the names that <see cref="Topic"/> translates.</param>
    public static async Task<EmbeddedKafka> StartAsync(KafkaKind kind, params IReadOnlyList<TopicSpec> topics)
    {
        KafkaNative.Load();
        if (kind == KafkaKind.External)
        {
            var external = new EmbeddedKafka(kind, null, null, $"test-{Guid.NewGuid():N}-", topics);
            using var admin = external.Admin();
            await admin.CreateTopicsAsync(topics.Select(topic => new TopicSpecification
            {
                Name = external.Topic(topic.Name),
                NumPartitions = topic.Partitions,
                Configs = topic.MaxMessageBytes is { } bytes ? new() { ["max.message.bytes"] = $"{bytes}" } : [],
            }));
            return external;
        }

        var directory = new TemporaryDirectory();
        var broker = new EmbeddedBroker(new EmbeddedBrokerOptions
        {
            DataDirectory = directory.Path,
            Topics = topics,
            KafkaHome = kind == KafkaKind.Apache ? KafkaKinds.Home : null,
        }, NullLogger<EmbeddedBroker>.Instance);
        await broker.StartAsync(CancellationToken.None);
        return new EmbeddedKafka(kind, broker, directory, "", topics);
    }

    /// <summary>The name under which a topic exists on this broker: an external one is shared, so names there get a prefix.</summary>
    public string Topic(string name) => prefix + name;

    /// <summary>Stops an embedded broker and removes its log; on an external one removes the topics that this made.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Broker is null)
        {
            using var admin = Admin();
            await admin.DeleteTopicsAsync(topics.Select(topic => Topic(topic.Name)));
            return;
        }

        IReadOnlyList<int> processes = Broker.ProcessId is { } id ? ProcessTree.Of(id) : [];
        await Broker.DisposeAsync();
        await ProcessTree.GoneAsync(processes);
        directory?.Dispose();
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
}
