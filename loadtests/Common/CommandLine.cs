using System.CommandLine;
using Confluent.Kafka;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;

namespace Streaming.Loadtests.Common;

/// <summary>How the command lines of all load test programs end: as every program's (<see cref="CommandRunner"/>), but that a run which
/// is interrupted has no result, and fails.</summary>
public static class CommandLine
{
    /// <summary>How long a run that is interrupted may take to stop and remove what it
    /// started: an installation of its own, topics, folders.</summary>
    private static readonly TimeSpan CleanUp = TimeSpan.FromMinutes(1);

    /// <summary>Runs one command line to its end. What is expected to fail is one
    /// sentence on standard error, never a stack trace.</summary>
    /// <param name="program">What the program is called.</param>
    /// <param name="root">Its commands.</param>
    /// <param name="args">What was given.</param>
    /// <returns>The process's exit code: what the command says, 1 when it failed, 2 for wrong usage.</returns>
    public static async Task<int> RunAsync(string program, RootCommand root, IReadOnlyList<string> args)
    {
        var given = root.Parse(args);
        if (ParseErrors.Say(given, program)) return ExitCodes.WrongUsage;

        try
        {
            return await given.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = CleanUp });
        }
        catch (Exception e) when (ExitCode(e) is { } code)
        {
            await Console.Error.WriteLineAsync(e is OperationCanceledException ? "interrupted" : e.Message);
            return code;
        }
    }

    /// <summary>What an expected failure ends with; null for one that is not expected.</summary>
    private static int? ExitCode(Exception failure) => failure switch
    {
        ClickHouseException { Whose: Fault.Setup } => ExitCodes.WrongUsage,
        IUserFailure expected => expected.ExitCode,
        KafkaException or HttpRequestException or IOException or UnauthorizedAccessException
            or OperationCanceledException => ExitCodes.Failed,
        _ => null,
    };
}
