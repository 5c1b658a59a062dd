using System.CommandLine;
using Streaming.Loadtests;
using Streaming.Loadtests.Encoding;

var rows = new Option<int>("--rows") { Description = "Rows in a block; 1000 to 1000000.", DefaultValueFactory = _ => 100_000 };
var rounds = new Option<int>("--rounds") { Description = "Rounds, after a few seconds that are not counted; the median counts. 1 to 100.",
    DefaultValueFactory = _ => 7 };
var clickhouse = new Option<string>("--clickhouse") { Description = "A ClickHouse that runs; without it the embedded one is started.",
    HelpName = "URL" };
var root = new RootCommand("Encodes the same ledger rows with the pipeline's Native encoder and with ClickHouse.Driver's bulk copy, and " +
    "inserts both.") { rows, rounds, clickhouse };
root.SetAction(async (parsed, stop) =>
{
    var (n, times) = (parsed.GetValue(rows), parsed.GetValue(rounds));
    if (n is < 1_000 or > 1_000_000 || times is < 1 or > 100)
    {
        throw new LoadtestException("--rows must be 1000 to 1000000, --rounds 1 to 100.", 2);
    }
    await EncodingRun.RunAsync(n, times, parsed.GetValue(clickhouse), stop);
    return 0;
});
return await CommandLine.RunAsync("encoding", root, args);
