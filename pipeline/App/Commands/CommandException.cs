namespace Streaming.App.Commands;

/// <summary>An expected failure of a command: its message is the one sentence the user reads, saying what to do about it.</summary>
/// <param name="message">The sentence.</param>
/// <param name="exitCode"><see cref="Cli.Failed"/> or <see cref="Cli.WrongUsage"/>.</param>
internal sealed class CommandException(string message, int exitCode = Cli.Failed) : Exception(message)
{
    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
