using System.Globalization;
using Npgsql;
using Streaming.Common.Settings;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Silo.Storage;

/// <summary>The cluster's stored state: in PostgreSQL, or in this process's memory.</summary>
internal sealed class ClusterStorage : IAsyncDisposable
{
    private const string BucketsFact = "buckets";
    private readonly NpgsqlDataSource? source;

    private ClusterStorage(NpgsqlDataSource? source, IClusterStore store, IOutboxes outboxes, IFacts facts, IParkedItems? parked) =>
        (this.source, Store, Outboxes, Facts, Parked) = (source, store, outboxes, facts, parked);

    /// <summary>Members, positions, commits.</summary>
    public IClusterStore Store { get; }

    /// <summary>Outboxes and who holds them.</summary>
    public IOutboxes Outboxes { get; }

    /// <summary>Facts of the cluster.</summary>
    public IFacts Facts { get; }

    /// <summary>What was refused for good, of all outboxes; null in memory.</summary>
    public IParkedItems? Parked { get; }

    /// <summary>Opens it, brings its tables about, and checks that this silo fits to what it was made with.</summary>
    /// <exception cref="SettingsException">The database does not answer, or not to this user, or was made with other settings.</exception>
    /// <exception cref="StoreException">It goes away meanwhile or refuses.</exception>
    public static async Task<ClusterStorage> OpenAsync(StorageSettings settings, int buckets, ParkedSettings limits,
        CancellationToken cancel)
    {
        if (settings.InMemory)
        {
            var memory = new MemoryClusterStore(buckets, TimeProvider.System);
            return new ClusterStorage(null, memory, memory.Outboxes, new MemoryFacts(), null);
        }

        var source = await PostgresSettings.ReachAsync(settings.Postgres, cancel);
        try
        {
            await PostgresSchema.ApplyAsync(source, cancel);
            var facts = new PostgresFacts(source);
            var wanted = buckets.ToString(CultureInfo.InvariantCulture);
            if (await Task.Run(() => facts.Draw(BucketsFact, wanted), cancel) is var made && made != wanted)
                throw new SettingsException([$"Members:Buckets is {wanted}, and the database was made with {made} buckets: set it to " +
                    $"{made}. It is fixed for good."]);
            return new ClusterStorage(
                source, new PostgresClusterStore(source, buckets), new PostgresOutboxes(source, limits), facts,
                    new PostgresParkedItems(source, null));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs work under a lock of the database, so that one silo does it at a time.</summary>
    /// <param name="key">What it is.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="StoreException">The database is away.</exception>
    public async Task RunExclusivelyAsync(long key, Func<Task> work, CancellationToken cancel)
    {
        if (source is null)
        {
            await work();
            return;
        }

        await using var connection = await PostgresErrors.Guard(async () => await source.OpenConnectionAsync(cancel));

        // The session holds the lock, not a transaction: the server ends one that stands still for seconds.
        await AskAsync("SELECT pg_advisory_lock($1)", cancel);
        try
        {
            await work();
        }
        finally
        {
            await AskAsync("SELECT pg_advisory_unlock($1)", CancellationToken.None);
        }

        Task AskAsync(string sql, CancellationToken stop) => PostgresErrors.Guard(async () =>
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = key } }, CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(stop);
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source?.DisposeAsync() ?? ValueTask.CompletedTask;
}
