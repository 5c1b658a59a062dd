using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Loadtests.Ladder.Rows;

namespace Streaming.Loadtests.Ladder.Commands;

/// <summary><c>ladder encoding</c>: rows for ClickHouse, encoded by the pipeline and by ClickHouse.Driver.</summary>
internal static class EncodingCommand
{
    public static Command Create(string[] args)
    {
        var rows = new Option<int>("--rows") { Description = "Rows in a block; 1000 to 1000000.", DefaultValueFactory = _ => 100_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds, after a few seconds that are not counted; the median counts. " +
            "1 to 100.", DefaultValueFactory = _ => 7 };
        var command = new Command("encoding", "Encodes the same ledger rows with the pipeline's Native encoder and with " +
            "ClickHouse.Driver's binary insert, and inserts both.")
        {
            rows, rounds, RunOptions.ClickHouse, RunOptions.Data, RunOptions.Report,
        };
        command.SetAction((parsed, stop) =>
        {
            var options = new EncodingOptions(parsed.GetValue(rows), parsed.GetValue(rounds), parsed.GetValue(RunOptions.ClickHouse),
                parsed.GetValue(RunOptions.Data) ?? RunOptions.Defaults.Data, parsed.GetValue(RunOptions.Report));
            if (options is not { Rows: >= 1_000 and <= 1_000_000, Rounds: >= 1 and <= 100 })
            {
                throw new CommandException("--rows must be 1000 to 1000000, --rounds 1 to 100.", 2);
            }

            return EncodingRun.RunAsync(options, args, stop);
        });
        return command;
    }
}
