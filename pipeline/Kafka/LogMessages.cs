using Microsoft.Extensions.Logging;

namespace Streaming.Kafka;

/// <summary>What reading and sending log. Event ids 5000 to 5999, each given once for ever.</summary>
internal static partial class LogMessages
{
    // Client
    [LoggerMessage(5001, LogLevel.Debug, "The Kafka client says: {Line}")]
    public static partial void ClientSays(this ILogger log, string line);
}
