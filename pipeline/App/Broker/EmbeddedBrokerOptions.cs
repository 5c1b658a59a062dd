namespace Streaming.App.Broker;

/// <summary>How to run the embedded broker.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>The installation's data directory; Apache Kafka keeps its log in the subfolder <c>kafka</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Port on 127.0.0.1; 0 (default) for any free one, which is then kept over restarts of the broker.</summary>
    public int Port { get; init; }

    /// <summary>Topics made at the start when they are missing.</summary>
    public IReadOnlyList<TopicSpec> Topics { get; init; } = [];

    /// <summary>An Apache Kafka distribution to run instead of the mock cluster. Default: the environment
    /// variable <c>KAFKA_HOME</c>; null for the mock cluster.</summary>
    public string? KafkaHome { get; init; } = Broker.KafkaHome.FromEnvironment()?.Directory;

    /// <summary>Apache Kafka's largest heap, in MiB. Default 512, at least 128. The mock cluster has no such setting.</summary>
    public int HeapMegabytes { get; init; } = DefaultHeapMegabytes;

    internal const int DefaultHeapMegabytes = 512;
}
