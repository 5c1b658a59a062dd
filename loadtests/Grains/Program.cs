using System.CommandLine;
using Streaming.GrainsCost;
using Streaming.Loadtests;

var events = new Option<int>("--events") { Description = "Events of each run; 1000 to 20000000.", DefaultValueFactory = _ => 200_000 };
var members = new Option<int>("--members") { Description = "Members they are drawn from; 1 to 10000000.", DefaultValueFactory = _ =>
    5_000 };
var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database; without it the " +
    "silos' truth is in memory.", HelpName = "STRING" };
var root = new RootCommand("Measures in one run what an event costs on the embedded host, on one silo, and as a plain grain call; and " +
    "what goes between three silos.") { events, members, postgres };
root.SetAction((parsed, stop) =>
{
    var (n, of) = (parsed.GetValue(events), parsed.GetValue(members));
    if (n is < 1_000 or > 20_000_000 || of is < 1 or > 10_000_000)
        throw new LoadtestException("--events must be 1000 to 20000000, --members 1 to 10000000.", 2);
    return CostRun.RunAsync(new CostOptions(n, of, parsed.GetValue(postgres)), stop);
});
root.Subcommands.Add(RecoveryCommand.Create());
return await CommandLine.RunAsync("grains-cost", root, args);
