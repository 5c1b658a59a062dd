namespace Streaming.App.Broker;

/// <summary>A Kafka broker that runs for as long as this object; made by the <c>broker</c> command in a process of its own.</summary>
internal interface IBroker : IAsyncDisposable
{
    /// <summary>Address for clients, <c>127.0.0.1:port</c>.</summary>
    string BootstrapServers { get; }

    /// <summary>
    /// Tells one incarnation of the log from the next when the broker keeps its log in memory; null when its log is durable,
    /// and the topic ids it gives to DescribeTopics tell.
    /// </summary>
    string? Life { get; }

    /// <summary>Completes, with a sentence, if the broker ends by itself.</summary>
    Task<string> Ended { get; }
}
