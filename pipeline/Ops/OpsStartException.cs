using Streaming.Common.CommandLine;

namespace Streaming.Ops;

/// <summary>The ops page cannot listen where it was told to: its message is one sentence that says what to do.</summary>
public sealed class OpsStartException(string message, Exception? inner = null) : Exception(message, inner), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode => ExitCodes.WrongUsage;
}
