using System.CommandLine;
using Streaming.GrainsCost;
using Streaming.Loadtests;

var events = new Option<int>("--events") { Description = "Events of each run.", DefaultValueFactory = _ => 200_000 };
var members = new Option<int>("--members") { Description = "Members they are drawn from.", DefaultValueFactory = _ => 5_000 };
var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database; without it the silos' truth is in memory.", HelpName = "STRING" };
var root = new RootCommand("Measures in one run what an event costs on the embedded host, on one silo, and as a plain grain call; and what goes between three silos.") { events, members, postgres };
root.SetAction((parsed, stop) => CostRun.RunAsync(new CostOptions(parsed.GetValue(events), parsed.GetValue(members), parsed.GetValue(postgres)), stop));
return await CommandLine.RunAsync(root, args);
