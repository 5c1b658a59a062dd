using Streaming.Common.CommandLine;

namespace Streaming.Common.Files;

/// <summary>A folder cannot be made private; the message says why and what to do.</summary>
public sealed class PrivateDirectoryException(string message) : Exception(message), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
