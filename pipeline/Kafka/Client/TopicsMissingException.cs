using Streaming.Common.CommandLine;

namespace Streaming.Kafka.Client;

/// <summary>Topics are missing, and the broker makes none; the message says which and what to do.</summary>
/// <param name="names">The topics.</param>
/// <param name="partitions">How many partitions each is to have.</param>
public sealed class TopicsMissingException(IReadOnlyList<string> names, int partitions) : Exception(
    $"The broker has no topic {string.Join(", ", names)} and creates none when asked (it has no controller): create " +
    $"them on the broker with {partitions} partitions each. `streaming broker` makes those that it is started with: " +
    $"--topics {string.Join(',', names.Select(name => $"{name}:{partitions}"))}"), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
