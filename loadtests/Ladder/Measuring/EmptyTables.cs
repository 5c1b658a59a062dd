using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;

namespace Streaming.Loadtests.Ladder.Measuring;

/// <summary>A ClickHouse with the pipeline's tables and nothing in them, for one measurement.</summary>
internal static class EmptyTables
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10); // a statement that fills a table takes minutes

    /// <summary>Makes them, measures, and removes them.</summary>
    /// <param name="name">What the run's folder and database begin with.</param>
    /// <param name="url">What <c>--clickhouse</c> says; null starts an embedded one.</param>
    /// <param name="data">What <c>--data</c> says: where an embedded one keeps its tables.</param>
    /// <param name="measure">Measures with a client of the run's database.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>What was measured, and on what.</returns>
    /// <exception cref="Streaming.Common.CommandLine.CommandException">Nobody answers at the address, or no folder can be made;
    /// exit code 2.</exception>
    public static async Task<(T Measured, Machine Machine)> UseAsync<T>(string name, string? url, string data,
        Func<ClickHouseClient, ClickHouseSettings, Task<T>> measure, CancellationToken stop)
    {
        if (url is not null) await ExistingClickHouse.ReachAsync(url, stop); // before a folder is made
        var run = RunNames.NewRun();
        var folder = OutputFile.Folder("--data", data, $"{name}-{run}");
        try
        {
            OptimizedBuild.Check();
            await using var server = await ClickHouseOfRun.StartAsync(url, folder.FullName, $"{name}_{run}", stop);
            var settings = server.Settings with { Timeout = Timeout };
            using var client = new ClickHouseClient(settings);
            await new Migrator(client, NullLogger<Migrator>.Instance).RunAsync(stop);
            return (await measure(client, settings), Machine.Read(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
