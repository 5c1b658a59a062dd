using System.CommandLine;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary><c>ladder partitions</c>: the pipeline by number of partitions.</summary>
internal static class PartitionsCommand
{
    public static Command Create(string[] args)
    {
        var command = new Command("partitions", "Measures the whole pipeline over topics of 1, 4, 16 and 64 partitions each.")
        {
            RunOptions.Events, RunOptions.Members, RunOptions.Seed, RunOptions.Kafka, RunOptions.ClickHouse, RunOptions.Rules,
            RunOptions.Data, RunOptions.Report,
        };
        command.SetAction((parsed, stop) => LadderRun.RunPartitionsAsync(RunOptions.Read(parsed), args, stop));
        return command;
    }
}
