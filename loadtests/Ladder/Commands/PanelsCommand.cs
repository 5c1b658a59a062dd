using System.CommandLine;
using Streaming.Loadtests.Ladder.Panels;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary><c>ladder panels</c>: what the dashboards' panels read.</summary>
internal static class PanelsCommand
{
    public static Command Create(string[] args)
    {
        var command = new Command("panels", "Measures every panel of the dashboards over a month of a hundred million events. Takes " +
            "minutes and 3 GB of disk.")
        {
            RunOptions.ClickHouse, RunOptions.Data, RunOptions.Report,
        };
        command.SetAction((parsed, stop) => PanelsRun.RunAsync(parsed.GetValue(RunOptions.ClickHouse),
            parsed.GetValue(RunOptions.Data) ?? RunOptions.Defaults.Data, parsed.GetValue(RunOptions.Report), args, stop));
        return command;
    }
}
