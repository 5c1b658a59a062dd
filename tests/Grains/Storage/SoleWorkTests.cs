using Npgsql;
using Streaming.Engine.Storing;
using Streaming.Silo.Storage;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Grains.Tests.Storage;

/// <summary>Work that one silo does for all, such as making the tables in ClickHouse.</summary>
[Collection(PostgresTests.Name)]
public sealed class SoleWorkTests(PostgresFixture postgres)
{
    private const long Key = 42;

    [SkippableFact]
    public async Task It_is_done_alone_also_when_it_takes_longer_than_a_transaction_may_stand_still()
    {
        var connectionString = await (await postgres.ServerAsync()).NewSchemaAsync();
        var impatient = $"{connectionString};Options=-c idle_in_transaction_session_timeout=100";
        await using var storage = await ClusterStorage.OpenAsync(new StorageSettings { Postgres = impatient }, OpenedStore.Buckets,
            new ParkedSettings(), default);
        await using var source = NpgsqlDataSource.Create(connectionString);
        var takenMeanwhile = true;

        await storage.RunExclusivelyAsync(Key, async () =>
        {
            await UntilATransactionWasEndedAsync(impatient);
            takenMeanwhile = await TakeAsync(source);
        }, default);

        Assert.False(takenMeanwhile);
        Assert.True(await TakeAsync(source));
    }

    [SkippableFact]
    public async Task It_can_be_done_by_another_after_it_failed()
    {
        var connectionString = await (await postgres.ServerAsync()).NewSchemaAsync();
        await using var storage = await ClusterStorage.OpenAsync(new StorageSettings { Postgres = connectionString }, OpenedStore.Buckets,
            new ParkedSettings(), default);
        await using var source = NpgsqlDataSource.Create(connectionString);

        await Assert.ThrowsAsync<InvalidDataException>(() => storage.RunExclusivelyAsync(Key, () => throw new InvalidDataException(),
            default));

        Assert.True(await TakeAsync(source));
    }

    /// <summary>A transaction that begins now and stands still is over: the server has ended every one that began before it, too.</summary>
    private static async Task UntilATransactionWasEndedAsync(string connectionString)
    {
        await using var source = PostgresSettings.Open(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT 1", connection, transaction);
        await command.ExecuteScalarAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.WaitAsync(CancellationToken.None));
    }

    private static async Task<bool> TakeAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Key}) AND pg_advisory_unlock({Key})", connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
