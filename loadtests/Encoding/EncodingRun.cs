using System.Globalization;
using ClickHouse.Driver;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Children;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.LocalClickHouse.Access;
using ZstdSharp;
using ClickHouseClient = Streaming.ClickHouse.Client.ClickHouseClient;
using Driver = ClickHouse.Driver;

namespace Streaming.Loadtests.Encoding;

/// <summary>One run: the same rows both ways, encoded alone and inserted, compared in the table.</summary>
internal static class EncodingRun
{
    private const string Copy = "rewards_copy";

    /// <summary>Runs it and prints the table.</summary>
    public static async Task RunAsync(int rows, int rounds, string? url, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("encoding-");
        try
        {
            var users = ClickHouseUsers.Draw();
            await using var own = url is null
                ? await ChildProcess.StartAsync(ClickHouseChild.Options(folder.FullName, 0, users), NullLogger.Instance, stop)
                : null;
            var settings = (url is not null
                ? await GivenClickHouse.ReachAsync(url, stop)
                : ClickHouseChild.Client(new ClickHouseSettings { Url = ClickHouseChild.Url(own!) }, users))
                with { Database = $"encoding_{Environment.ProcessId}" };
            using var client = new ClickHouseClient(settings);
            try
            {
                await new Migrator(client, NullLogger<Migrator>.Instance).RunAsync(stop);
                await MeasureAsync(client, settings, rows, rounds, stop);
            }
            finally
            {
                await client.QueryAsync($"DROP DATABASE IF EXISTS {settings.Database}", database: "default", stop: CancellationToken.None);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(ClickHouseClient client, ClickHouseSettings settings, int rows, int rounds,
        CancellationToken stop)
    {
        var ledger = new Ledger(rows);
        var block = ledger.Encode();
        // before there are millions of objects for the other's sake, which every collection would walk through
        var ours = await Cost.OfAsync(rows, rounds, () => Task.FromResult(ledger.Encode()));
        var oursPacked = await Cost.OfAsync(rows, rounds, () => Task.FromResult(Pack(ledger.Encode().Bytes)));
        var number = 0;
        var oursInserted = await Cost.OfAsync(rows, rounds, () =>
            client.InsertAsync(Ledger.Table, ledger.Encode().Bytes, $"b{number++}", stop));
        await client.QueryAsync($"TRUNCATE TABLE {Ledger.Table}", stop: stop);
        await client.InsertAsync(Ledger.Table, block.Bytes, "first", stop);
        await client.QueryAsync($"CREATE TABLE {Copy} AS {Ledger.Table}", stop: stop);

        // the rows that our block made, read back as objects, are what the driver is given: both write the same
        using var swallow = new Swallow();
        using var http = new HttpClient(swallow) { Timeout = TimeSpan.FromMinutes(5) };
        var server = new Uri(settings.Url);
        var user = settings.User.Length == 0 ? "default" : settings.User;
        using var driver = new Driver.ClickHouseClient(
            $"Host={server.Host};Port={server.Port};Database={settings.Database};Username={user};Password={settings.Password}", http);
        var (columns, objects) = await RowsAsync(driver);
        var options = new InsertOptions { BatchSize = rows, MaxDegreeOfParallelism = 1 };
        Task Insert() => driver.InsertBinaryAsync(Copy, columns, objects, options, stop);

        var theirs = await Cost.OfAsync(rows, rounds, Insert);
        var wire = swallow.Last;
        var plain = Unpack(wire);
        var packing = await Cost.OfAsync(rows, rounds, () => Task.FromResult(Pack(plain)));
        swallow.On = false;
        await Insert();
        await CompareAsync(client, stop);
        var theirsInserted = await Cost.OfAsync(rows, rounds, Insert);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows of {objects[0].Length} columns, median of " +
            $"{rounds} rounds; {MachineLoad.Describe()}\n"));
        Console.WriteLine("| | ns per row | CPU ns per row | bytes allocated per row | bytes per row on the wire " +
            "|\n|---|---:|---:|---:|---:|");
        Row("Native blocks (the pipeline's)", ours, block.Bytes.Length);
        Row("Native blocks, then zstd", oursPacked, Pack(block.Bytes).Length);
        Row("ClickHouse.Driver (RowBinary, always zstd)", theirs, wire.Length);
        Row("of it: zstd of those bytes alone", packing, plain.Length);
        Row("Native blocks, encoded and inserted", oursInserted, block.Bytes.Length);
        Row("ClickHouse.Driver, encoded and inserted", theirsInserted, wire.Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nencoding: {theirs.Cpu / ours.Cpu:0.0} times as fast as the driver by CPU time " +
                $"({theirs.Nanoseconds / ours.Nanoseconds:0.0} by the clock); {theirs.Cpu / oursPacked.Cpu:0.0} times with zstd on " +
                $"both, {(theirs.Cpu - packing.Cpu) / ours.Cpu:0.0} times with zstd on neither; inserted: " +
                $"{theirsInserted.Nanoseconds / oursInserted.Nanoseconds:0.0} times by the clock"));

        void Row(string name, Cost cost, int bytes) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {cost.Nanoseconds:N0} | {cost.Cpu:N0} | " +
                $"{cost.Allocated:N0} | {bytes / (double)rows:N0} |"));
    }

    private static async Task<(string[] Columns, List<object[]> Rows)> RowsAsync(Driver.ClickHouseClient driver)
    {
        using var reader = await driver.ExecuteReaderAsync($"SELECT * FROM {Ledger.Table}");
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
        var left = await client.QueryAsync($"SELECT count() FROM (SELECT * FROM {Ledger.Table} EXCEPT SELECT * FROM {Copy})", stop: stop);
        var right = await client.QueryAsync($"SELECT count() FROM (SELECT * FROM {Copy} EXCEPT SELECT * FROM {Ledger.Table})", stop: stop);
        if (left.Trim() != "0" || right.Trim() != "0")
            throw new LoadtestException($"The two ways did not write the same rows: {left.Trim()} of ours and {right.Trim()} of the " +
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
