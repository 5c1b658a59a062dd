using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Ladder.Recovery;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary><c>ladder recovery</c>: how soon every member answers again after a silo was killed.</summary>
internal static class RecoveryCommand
{
    public static Command Create(string[] args)
    {
        var members = new Option<int>("--members")
        {
            Description = "Members in the database; 1 to 10000000.", DefaultValueFactory = _ => 1_000_000,
        };
        var postgres = Needed("--postgres", "STRING", "Connection string of an empty PostgreSQL database.");
        var kafka = Needed("--kafka", "HOST:PORT", "Broker that has none of the pipeline's topics.");
        var clickhouse = Needed("--clickhouse", "URL", "ClickHouse; the run has a database of its own there.");
        var command = new Command("recovery", "Measures how long it takes after a silo's death until every member answers to events again.")
        {
            members, postgres, kafka, clickhouse, RunOptions.Report,
        };
        command.SetAction((parsed, stop) =>
        {
            var count = parsed.GetValue(members);
            if (count is < 1 or > 10_000_000) throw new CommandException("--members must be 1 to 10000000.", 2);
            var options = new RecoveryOptions(count, parsed.GetRequiredValue(postgres), parsed.GetRequiredValue(kafka),
                parsed.GetRequiredValue(clickhouse), parsed.GetValue(RunOptions.Report));
            return RecoveryRun.RunAsync(options, RunOptions.WithoutSecrets(args), stop);
        });
        return command;
    }

    private static Option<string> Needed(string name, string form, string description) =>
        new(name) { Description = description, HelpName = form, Required = true };
}
