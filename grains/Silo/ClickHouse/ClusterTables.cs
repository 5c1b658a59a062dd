using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.Engine.Storing;
using Streaming.Silo.Storage;

namespace Streaming.Silo.ClickHouse;

/// <summary>Creates and migrates the tables in ClickHouse once for the whole cluster, and lets the views read the cluster's
/// generation.</summary>
internal sealed class ClusterTables(ClusterStorage storage, ulong generation, ILogger<Migrator> log) : IDisposable
{
    private const long Key = 0x6D696772617465; // "migrate"
    private readonly SemaphoreSlim turn = new(1);
    private bool ready;

    /// <summary>Migrates unless that is done. One silo at a time.</summary>
    /// <param name="clickhouse">A client that may write.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse refuses or is not reached; call it again.</exception>
    /// <exception cref="MigrationException">The tables were made by other migrations.</exception>
    /// <exception cref="StoreException">The database is away; call it again.</exception>
    public async Task PrepareAsync(IClickHouse clickhouse, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (ready) return;
            await storage.RunExclusivelyAsync(Key, async () =>
            {
                await new Migrator(clickhouse, log).RunAsync(cancel);
                await new Generations(clickhouse).SwitchAsync(new WriterIdentity(generation, "cluster"), cancel);
            }, cancel);
            ready = true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}
