using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Children;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;
using Streaming.LocalClickHouse.Access;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>The ClickHouse of one run: one that runs already, or an embedded one that ends with the run.</summary>
public sealed class ClickHouseOfRun : IAsyncDisposable
{
    private readonly ChildProcess? embedded;
    private readonly bool drops;

    private ClickHouseOfRun(ClickHouseSettings settings, ChildProcess? embedded, bool drops)
    {
        Settings = settings;
        this.embedded = embedded;
        this.drops = drops;
    }

    /// <summary>The settings of a client.</summary>
    public ClickHouseSettings Settings { get; }

    /// <summary>Reaches the one that runs, or starts one.</summary>
    /// <param name="url">What <c>--clickhouse</c> says; null starts an embedded one.</param>
    /// <param name="folder">Where an embedded one keeps its tables.</param>
    /// <param name="database">A database of the run's own, dropped at the end; null: the pipeline's, which stays.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="CommandException">It is no address, or nobody answers there, or not this user; exit code 2.</exception>
    /// <exception cref="ChildProcessException">An embedded one did not become ready.</exception>
    public static async Task<ClickHouseOfRun> StartAsync(string? url, string folder, string? database, CancellationToken stop)
    {
        if (url is not null) return new ClickHouseOfRun(Of(await ExistingClickHouse.ReachAsync(url, stop)), null, database is not null);
        var users = ClickHouseUsers.Draw();
        var child = await ChildProcess.StartAsync(ClickHouseChild.Options(folder, 0, users), NullLogger.Instance, stop);
        return new ClickHouseOfRun(Of(ClickHouseChild.Client(new ClickHouseSettings { Url = ClickHouseChild.Url(child) }, users)), child,
            drops: false);

        ClickHouseSettings Of(ClickHouseSettings reached) => database is null ? reached : reached with { Database = database };
    }

    /// <summary>Drops the run's database in a ClickHouse that stays, or ends the embedded one.</summary>
    /// <exception cref="ClickHouseException">It could not be dropped.</exception>
    public async ValueTask DisposeAsync()
    {
        if (drops)
        {
            using var client = new ClickHouseClient(Settings);
            await client.QueryAsync($"DROP DATABASE IF EXISTS {Settings.Database}", database: "default");
        }

        if (embedded is not null) await embedded.DisposeAsync();
    }
}
