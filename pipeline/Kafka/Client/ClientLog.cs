using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Streaming.Kafka.Client;

/// <summary>Logs the Kafka client's own lines. They are for debugging only: errors an operator must know come as exceptions as
/// well.</summary>
public static class ClientLog
{
    /// <summary>A handler of the client's lines, for a client of any kind: each is logged at level Debug.</summary>
    public static Action<IClient, LogMessage> To(ILogger log) => (_, line) => log.ClientSays(line.Message);
}
