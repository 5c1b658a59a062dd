using System.CommandLine;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary><c>ladder scale</c>: the pipeline by number of members in its store.</summary>
internal static class ScaleCommand
{
    public static Command Create(string[] args)
    {
        var members = new Option<int>("--members") { Description = "Members in the larger store; the smaller has 100,000.",
            DefaultValueFactory = _ => 10_000_000 };
        var command = new Command("scale", "Measures the whole pipeline on stores full of members: throughput, memory, and how soon it " +
            "consumes again after kill -9.")
        {
            members, RunOptions.Events, RunOptions.Seed, RunOptions.Partitions, RunOptions.Kafka, RunOptions.ClickHouse, RunOptions.Rules,
            RunOptions.Data, RunOptions.Report,
        };
        command.SetAction((parsed, stop) =>
            LadderRun.RunScaleAsync(RunOptions.Read(parsed) with { Members = parsed.GetValue(members) }, args, stop));
        return command;
    }
}
