using System.CommandLine;

namespace Streaming.Common.CommandLine;

/// <summary>How every program runs its command line, and how every command ends.</summary>
/// <remarks>
/// Exit codes are those of <see cref="ExitCodes"/>. An expected failure is one sentence on standard error; a stack trace means a mistake in
/// the program.
/// </remarks>
public static class CommandRunner
{
    /// <summary>Runs one command to its end and returns the process's exit code.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="args">The command line.</param>
    /// <param name="program">What the program is called.</param>
    /// <param name="longestStop">A stop by a signal that takes longer is cut short; the commands' own deadlines are well below it.</param>
    /// <param name="sentence">What is said about an exception of a library, or null for one that is not expected.</param>
    public static async Task<int> RunAsync(
        RootCommand root, string[] args, string program, TimeSpan longestStop, Func<Exception, string?>? sentence = null)
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
        catch (Exception failure) when (failure is IUserFailure)
        {
            Console.Error.WriteLine(failure.Message);
            return ((IUserFailure)failure).ExitCode;
        }
        catch (OperationCanceledException stopped) when (stopped.InnerException is not TimeoutException)
        {
            return ExitCodes.Done; // by a signal; an answer that did not come in time is no stop
        }
        catch (Exception failure) when (sentence?.Invoke(failure) is { } said)
        {
            Console.Error.WriteLine(said);
            return ExitCodes.Failed;
        }
    }
}
