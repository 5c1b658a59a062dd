namespace Streaming.App.Hosting;

/// <summary>A child process did not start or did not become ready.</summary>
/// <param name="message">One sentence, with the child's own last words.</param>
/// <param name="exitCode">What the child ended with; 1 when it was not started or was killed.</param>
public sealed class ChildProcessException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>The child's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
