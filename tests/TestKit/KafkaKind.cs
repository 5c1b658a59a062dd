namespace Streaming.TestKit;

/// <summary>The brokers that broker-dependent tests run on.</summary>
public enum KafkaKind
{
    /// <summary>The embedded mock cluster; always available.</summary>
    Mock,

    /// <summary>The embedded Apache Kafka; available when KAFKA_HOME names a distribution.</summary>
    Apache,

    /// <summary>A broker that runs already; available when KAFKA_BOOTSTRAP names it.</summary>
    External,
}
