namespace Streaming.Common.CommandLine;

/// <summary>An expected failure: its message is one sentence for the person who
/// started the program, and says what to do about it.</summary>
public interface IUserFailure
{
    /// <summary>What the process ends with: <see cref="ExitCodes.Failed"/> or <see cref="ExitCodes.WrongUsage"/>.</summary>
    int ExitCode { get; }
}
