using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Ladder.Grains;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary><c>ladder grains</c>: the rungs of the cluster host.</summary>
internal static class GrainsCommand
{
    public static Command Create(string[] args)
    {
        var events = new Option<int>("--events") { Description = "Events of each rung; 1000 to 20000000.",
            DefaultValueFactory = _ => 200_000 };
        var members = new Option<int>("--members") { Description = "Members they are drawn from; 1 to 10000000.",
            DefaultValueFactory = _ => 5_000 };
        var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database; without it " +
            "the silos keep their state in memory.", HelpName = "STRING" };
        var command = new Command("grains", "Measures what an event costs on the embedded host, on one silo, and as a plain grain call; " +
            "and what goes between three silos.")
        {
            events, members, postgres, RunOptions.Data, RunOptions.Report,
        };
        command.SetAction((parsed, stop) =>
        {
            var options = new GrainsOptions(parsed.GetValue(events), parsed.GetValue(members), parsed.GetValue(postgres),
                parsed.GetValue(RunOptions.Data) ?? RunOptions.Defaults.Data, parsed.GetValue(RunOptions.Report));
            if (options is not { Events: >= 1_000 and <= 20_000_000, Members: >= 1 and <= 10_000_000 })
            {
                throw new CommandException("--events must be 1000 to 20000000, --members 1 to 10000000.", 2);
            }

            return GrainsRun.RunAsync(options, RunOptions.WithoutSecrets(args), stop);
        });
        return command;
    }
}
