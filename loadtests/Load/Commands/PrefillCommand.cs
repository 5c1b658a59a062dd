using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Load.Prefilling;

namespace Streaming.Loadtests.Load.Commands;

/// <summary><c>load prefill</c>: a data directory whose members have a past.</summary>
internal static class PrefillCommand
{
    private static readonly Option<string> Data =
        new("--data") { Description = "New data directory to make.", HelpName = "DIR", Required = true };
    private static readonly Option<string> ClickHouse =
        new("--clickhouse") { Description = "Your ClickHouse, instead of the embedded one of that directory.", HelpName = "URL" };
    private static readonly Option<int> Members =
        new("--members") { Description = "Members; 1 to 20000000.", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<double> Events =
        new("--events") { Description = "Events of a member on average, its joining included; 1 to 1000.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> Days =
        new("--days") { Description = "Days that lie behind them; 1 to 3650.", DefaultValueFactory = _ => 90 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Same seed, same past.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var command = new Command("prefill", "Make a data directory whose members have a past, for `streaming up --data` and workloads " +
            "with `prefilled: true`.") { Data, ClickHouse, Members, Events, Days, Seed };
        command.SetAction(async (parsed, stop) =>
        {
            var plan = new PrefillPlan(parsed.GetRequiredValue(Data), parsed.GetValue(ClickHouse), parsed.GetValue(Members),
                parsed.GetValue(Events), parsed.GetValue(Days), parsed.GetValue(Seed));
            if (plan is not { Members: >= 1 and <= 20_000_000, EventsPerMember: >= 1 and <= 1_000, Days: >= 1 and <= 3_650 })
            {
                throw new CommandException("--members must be 1 to 20000000, --events 1 to 1000, --days 1 to 3650.", 2);
            }
            if (plan.Data.Length == 0) throw new CommandException("--data is empty; it must name a directory.", 2);
            if (plan.ClickHouse is { } clickhouse) await ExistingClickHouse.ReachAsync(clickhouse, stop);
            await PrefillRun.RunAsync(plan, stop);
            return 0;
        });
        return command;
    }
}
