using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;

namespace Streaming.Common.CommandLine;

/// <summary>How every program runs its command line, and how every command ends.</summary>
/// <remarks>
/// Exit codes are those of <see cref="ExitCodes"/>. An expected failure is one sentence on standard error, and so is what files, networks
/// and databases say; a stack trace means a mistake in the program.
/// </remarks>
public static class CommandRunner
{
    /// <summary>Runs one command to its end and returns the process's exit code.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="args">The command line.</param>
    /// <param name="program">What the program is called.</param>
    /// <param name="longestStop">A stop by a signal that takes longer is ended by force. The commands' own limits are well below
    /// it.</param>
    /// <param name="sentence">Gives the error message for an exception of a library; null for an unexpected one.</param>
    /// <param name="interrupted">The exit code of a command that a signal stops: <see cref="ExitCodes.Failed"/> for one that then has no
    /// result.</param>
    public static async Task<int> RunAsync(
        RootCommand root, string[] args, string program, TimeSpan longestStop, Func<Exception, string?>? sentence = null,
        int interrupted = ExitCodes.Done)
    {
        var parsed = root.Parse(args);
        if (ParseErrors.Say(parsed, program)) return ExitCodes.WrongUsage;
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = longestStop,
            });
        }
        catch (OperationCanceledException stopped) when (stopped.InnerException is not TimeoutException)
        {
            // stopped by a signal; a time-out is reported below
            if (interrupted != ExitCodes.Done) await Console.Error.WriteLineAsync($"{program} was stopped before it had a result.");
            return interrupted;
        }
#pragma warning disable CA1031 // every command ends with a sentence and an exit code, whatever a library does
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failed(failure is AggregateException { InnerExceptions: [var only] } ? only : failure, program, sentence);
        }
    }

    private static int Failed(Exception failure, string program, Func<Exception, string?>? sentence)
    {
        var expected = failure is IUserFailure ? failure.Message : sentence?.Invoke(failure) ?? SystemMessage(failure);
        Console.Error.WriteLine(expected ?? $"{program} stops because of a mistake in the program; please report this: {failure}");
        return failure is IUserFailure user ? user.ExitCode : ExitCodes.Failed;
    }

    /// <summary>What files, networks and databases say when they fail; null for what must not happen.</summary>
    private static string? SystemMessage(Exception failure) => failure switch
    {
        IOException or UnauthorizedAccessException or HttpRequestException or SocketException or DbException => failure.Message,
        TimeoutException or OperationCanceledException => $"An answer did not come in time: {failure.Message}",
        _ => null,
    };
}
