using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Ladder.Rungs;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary><c>ladder rung</c>: one rung alone, which is how the ladder runs each in a process of its own.</summary>
internal static class RungCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = $"One of {string.Join(", ", AllRungs.Names)}." };
        var prefix = new Option<string>("--prefix") { Description = "What the names of the filled topics begin with.", Required = true };
        var command = new Command("rung", "Measures one rung on topics that were filled before; prints its figures as one line of JSON.")
        {
            name, prefix, RunOptions.Events, RunOptions.Members, RunOptions.Kafka, RunOptions.ClickHouse, RunOptions.Rules, RunOptions.Data,
        };
        command.SetAction((parsed, stop) => AllRungs.RunAsync(
            parsed.GetRequiredValue(name),
            new RungContext(
                parsed.GetValue(RunOptions.Kafka) ?? throw new CommandException("A rung needs --kafka.", 2),
                parsed.GetValue(RunOptions.ClickHouse), parsed.GetRequiredValue(prefix), parsed.GetValue(RunOptions.Events),
                parsed.GetValue(RunOptions.Rules), parsed.GetValue(RunOptions.Data) ?? RunOptions.Defaults.Data,
                parsed.GetValue(RunOptions.Members)),
            stop));
        return command;
    }
}
