using Streaming.Common.CommandLine;

namespace Streaming.App.Children;

/// <summary>A child process did not start or did not become ready.</summary>
/// <param name="message">One sentence, with the child's own last words.</param>
/// <param name="exitCode">What the child ended with; 1 when it was not started or was killed.</param>
public sealed class ChildProcessException(string message, int exitCode = 1) : Exception(message), IUserFailure
{
    /// <summary>The child's exit code.</summary>
    public int ChildExitCode { get; } = exitCode;

    /// <summary>What a child finds wrong with its settings is wrong with ours; every other end is a failure.</summary>
    public int ExitCode => ChildExitCode == ExitCodes.WrongUsage ? ExitCodes.WrongUsage : ExitCodes.Failed;
}
