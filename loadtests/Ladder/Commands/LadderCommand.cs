using System.CommandLine;
using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary>The command line: the whole ladder, and one command for each measurement that is not of the same topics.</summary>
/// <remarks>Exit codes: 0 done, 1 failed at run time, 2 wrong usage.</remarks>
internal static class LadderCommand
{
    /// <summary>Runs one command line to its end and returns the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures what each stage of the pipeline costs, in one run: events per second, CPU, allocation and " +
            "memory of each rung.")
        {
            RunOptions.Events, RunOptions.Members, RunOptions.Seed, RunOptions.Partitions, RunOptions.Rungs, RunOptions.Kafka,
            RunOptions.ClickHouse, RunOptions.Rules, RunOptions.Data, RunOptions.Report,
            RungCommand.Create(), ScaleCommand.Create(args), PartitionsCommand.Create(args), GrainsCommand.Create(args),
            RecoveryCommand.Create(args), EncodingCommand.Create(args), PanelsCommand.Create(args),
        };
        root.SetAction((parsed, stop) => LadderRun.RunAsync(RunOptions.Read(parsed), args, stop));
        return LoadtestRunner.RunAsync("ladder", root, args);
    }
}
