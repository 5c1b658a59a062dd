using Streaming.Common.CommandLine;

namespace Streaming.Kafka.Client;

/// <summary>
/// The machine lacks a usable librdkafka. The message is one sentence for the person who starts the program; retrying without
/// changing the machine cannot help.
/// </summary>
public sealed class KafkaNativeMissingException(string message) : Exception(message), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.Failed;
}
