using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Streaming.Kafka.Client;

/// <summary>What the Kafka client says of itself. What an operator must know comes as errors and exceptions too.</summary>
public static class ClientLog
{
    /// <summary>A handler of the client's lines, for a client of any kind: each is logged at level Debug.</summary>
    public static Action<IClient, LogMessage> To(ILogger log) => (_, line) => log.ClientSays(line.Message);
}
