namespace Streaming.Common.CommandLine;

/// <summary>An expected failure of a command.</summary>
/// <param name="message">The sentence the user reads.</param>
/// <param name="exitCode"><see cref="ExitCodes.Failed"/> or <see cref="ExitCodes.WrongUsage"/>.</param>
public sealed class CommandException(string message, int exitCode = ExitCodes.Failed) : Exception(message), IUserFailure
{
    /// <inheritdoc/>
    public int ExitCode { get; } = exitCode;
}
