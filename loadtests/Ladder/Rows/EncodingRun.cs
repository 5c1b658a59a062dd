using ClickHouse.Driver;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.Loadtests.Ladder.Measuring;
using Streaming.Loadtests.Ladder.Reports;
using ZstdSharp;
using ClickHouseClient = Streaming.ClickHouse.Client.ClickHouseClient;
using Driver = ClickHouse.Driver;

namespace Streaming.Loadtests.Ladder.Rows;

/// <summary>What is measured.</summary>
/// <param name="Rows">Rows in a block.</param>
/// <param name="Rounds">Rounds that count.</param>
/// <param name="ClickHouse">HTTP address of a ClickHouse that runs already; null starts the embedded one.</param>
/// <param name="Data">Folder for the embedded one.</param>
/// <param name="Report">Markdown file for the table, or null for the terminal alone.</param>
internal sealed record EncodingOptions(int Rows, int Rounds, string? ClickHouse, string Data, string? Report);

/// <summary>One run: the same rows both ways, encoded alone and inserted, compared in the table.</summary>
internal static class EncodingRun
{
    private const string Copy = "rewards_copy";

    /// <summary>Runs it; what it made is gone afterwards, but for the report.</summary>
    /// <exception cref="CommandException">The two ways did not write the same rows.</exception>
    public static async Task<int> RunAsync(EncodingOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        MarkdownReport.Check(options.Report);
        var (costs, machine) = await EmptyTables.UseAsync("encoding", options.ClickHouse, options.Data,
            (client, settings) => MeasureAsync(client, settings, options, stop), stop);
        var report = EncodingReport.Write(options.Rows, options.Rounds, costs, machine, options.ClickHouse, arguments);
        return await MarkdownReport.SayAsync(report, options.Report, stop);
    }

    private static async Task<EncodingCosts> MeasureAsync(ClickHouseClient client, ClickHouseSettings settings, EncodingOptions options,
        CancellationToken stop)
    {
        var rounds = new Rounds(options.Rows, options.Rounds);
        var ledger = new LedgerRows(options.Rows);
        var block = ledger.Encode();
        // measured first: later the driver's rows are millions of objects that every collection has to visit
        var ours = await rounds.MeasureAsync("Native blocks (the pipeline's)", () => Task.FromResult(ledger.Encode()));
        var oursPacked = await rounds.MeasureAsync("Native blocks, then zstd", () => Task.FromResult(Pack(ledger.Encode().Bytes)));
        var number = 0;
        var oursInserted = await rounds.MeasureAsync("Native blocks, encoded and inserted", () =>
            client.InsertAsync(LedgerRows.Table, ledger.Encode().Bytes, $"b{number++}", stop));
        await client.QueryAsync($"TRUNCATE TABLE {LedgerRows.Table}", stop: stop);
        await client.InsertAsync(LedgerRows.Table, block.Bytes, "first", stop);
        await client.QueryAsync($"CREATE TABLE {Copy} AS {LedgerRows.Table}", stop: stop);

        // the driver inserts the rows of our block, read back as objects, so that both write the same rows
        using var swallow = new InsertSwallowingHandler();
        using var http = new HttpClient(swallow) { Timeout = TimeSpan.FromMinutes(5) };
        var server = new Uri(settings.Url);
        var user = settings.User.Length == 0 ? "default" : settings.User;
        using var driver = new Driver.ClickHouseClient(
            $"Host={server.Host};Port={server.Port};Database={settings.Database};Username={user};Password={settings.Password}", http);
        var (columns, objects) = await RowsAsync(driver);
        var insert = new InsertOptions { BatchSize = options.Rows, MaxDegreeOfParallelism = 1 };
        Task Insert() => driver.InsertBinaryAsync(Copy, columns, objects, insert, stop);

        var theirs = await rounds.MeasureAsync("ClickHouse.Driver (RowBinary, always zstd)", Insert);
        var wire = swallow.Last;
        var plain = Unpack(wire);
        var packing = await rounds.MeasureAsync("of it: zstd of those bytes alone", () => Task.FromResult(Pack(plain)));
        swallow.Swallowing = false;
        await Insert();
        await CompareAsync(client, stop);
        var theirsInserted = await rounds.MeasureAsync("ClickHouse.Driver, encoded and inserted", Insert);
        return new EncodingCosts(
            objects[0].Length,
            new EncodingCost(ours, block.Bytes.Length), new EncodingCost(oursPacked, Pack(block.Bytes).Length),
            new EncodingCost(theirs, wire.Length), new EncodingCost(packing, plain.Length),
            new EncodingCost(oursInserted, block.Bytes.Length), new EncodingCost(theirsInserted, wire.Length));
    }

    private static async Task<(string[] Columns, List<object[]> Rows)> RowsAsync(Driver.ClickHouseClient driver)
    {
        using var reader = await driver.ExecuteReaderAsync($"SELECT * FROM {LedgerRows.Table}");
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return (columns, rows);
    }

    private static async Task CompareAsync(ClickHouseClient client, CancellationToken stop)
    {
        var left = await client.QueryAsync($"SELECT count() FROM (SELECT * FROM {LedgerRows.Table} EXCEPT SELECT * FROM {Copy})",
            stop: stop);
        var right = await client.QueryAsync($"SELECT count() FROM (SELECT * FROM {Copy} EXCEPT SELECT * FROM {LedgerRows.Table})",
            stop: stop);
        if (left.Trim() != "0" || right.Trim() != "0")
            throw new CommandException($"The two ways did not write the same rows: {left.Trim()} of ours and {right.Trim()} of the " +
                "driver's have no equal.");
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packer = new Compressor();
        return packer.Wrap(bytes).ToArray();
    }

    private static byte[] Unpack(byte[] bytes)
    {
        using var plain = new MemoryStream();
        using (var packed = new DecompressionStream(new MemoryStream(bytes))) packed.CopyTo(plain);
        return plain.ToArray();
    }
}
