using Streaming.Common.CommandLine;

namespace Streaming.Replay.Reading;

/// <summary>A file cannot be replayed: it is not there, damaged, or not what its
/// mapping expects. Not retried.</summary>
/// <param name="message">Says which file and why.</param>
/// <param name="inner">What the reader said.</param>
public sealed class ReplayFileException(string message, Exception? inner = null) : Exception(message, inner), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
