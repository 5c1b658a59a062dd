using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;

namespace Streaming.Loadtests.Common;

/// <summary>How the command lines of all load test programs end: as every program's (<see cref="CommandRunner"/>), but a run that is
/// interrupted has no result, and fails.</summary>
public static class LoadtestRunner
{
    /// <summary>How long a run that is interrupted may take to stop and remove what it
    /// started: an installation of its own, topics, folders.</summary>
    private static readonly TimeSpan CleanUp = TimeSpan.FromMinutes(1);

    /// <summary>Runs one command line to its end.</summary>
    /// <param name="program">What the program is called.</param>
    /// <param name="root">Its commands.</param>
    /// <param name="args">What was given.</param>
    /// <returns>The process's exit code: what the command says, 1 when it failed or was interrupted, 2 for wrong usage.</returns>
    public static Task<int> RunAsync(string program, RootCommand root, string[] args) => CommandRunner.RunAsync(
        root, args, program, CleanUp, failure => KafkaFailure.Sentence(failure, "--kafka"), ExitCodes.Failed);
}
