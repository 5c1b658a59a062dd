namespace Streaming.Loadtests;

/// <summary>A load test cannot begin or go on: one sentence that says why and what to do.</summary>
/// <param name="message">The sentence.</param>
/// <param name="exitCode">1: failed at run time; 2: wrong usage, nothing was started or sent.</param>
public sealed class LoadtestException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;
}
