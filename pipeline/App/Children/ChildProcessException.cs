using Streaming.Common.CommandLine;

namespace Streaming.App.Children;

/// <summary>A child process did not start or did not become ready.</summary>
/// <param name="message">One sentence, with the child's last output line.</param>
/// <param name="exitCode">What the child ended with; 1 when it was not started or was killed.</param>
public sealed class ChildProcessException(string message, int exitCode = 1) : Exception(message), IUserFailure
{
    /// <summary>The child's exit code.</summary>
    public int ChildExitCode { get; } = exitCode;

    /// <summary>Wrong usage of the child is wrong usage of this program, which passes its settings on; any other end is a
    /// failure.</summary>
    public int ExitCode => ChildExitCode == ExitCodes.WrongUsage ? ExitCodes.WrongUsage : ExitCodes.Failed;
}
