using Streaming.Common.CommandLine;

namespace Streaming.Kafka.Client;

/// <summary>Topics are missing, and the broker did not make them when asked; the message says which and what to do.</summary>
/// <param name="names">The topics.</param>
/// <param name="partitions">How many partitions each is to have.</param>
/// <param name="reason">What the broker, or the client for it, said.</param>
public sealed class TopicsMissingException(IReadOnlyList<string> names, int partitions, string reason) : Exception(
    $"The broker has no topic {string.Join(", ", names)}, and does not make them ({reason}): make them there. `streaming broker` makes " +
    $"those that it is started with: --topics {string.Join(',', names.Select(name => $"{name}:{partitions}"))}"), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
