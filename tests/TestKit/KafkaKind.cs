namespace Streaming.TestKit;

/// <summary>The brokers that broker-dependent tests run on.</summary>
public enum KafkaKind
{
    /// <summary>The embedded mock cluster; always there.</summary>
    Mock,

    /// <summary>The embedded Apache Kafka; there when KAFKA_HOME names a distribution.</summary>
    Apache,

    /// <summary>A broker that runs already; there when KAFKA_BOOTSTRAP names it.</summary>
    External,
}
