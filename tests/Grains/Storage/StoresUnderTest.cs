using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Grains.Tests.Storage;

/// <summary>The stores that keep to the contracts.</summary>
internal static class StoresUnderTest
{
    /// <summary>Parked items of one outbox in PostgreSQL: fewer than by default, as a setting may say.</summary>
    public const int MostParked = 5;

    /// <summary>In memory.</summary>
    public static Task<OpenedStore> MemoryAsync(int buckets = OpenedStore.Buckets)
    {
        var store = new MemoryClusterStore(buckets, TimeProvider.System);
        return Task.FromResult(new OpenedStore(store, store.Outboxes));
    }

    /// <summary>A schema of its own on the shared server; skips the test where there is none.</summary>
    public static async Task<OpenedStore> PostgresAsync(PostgresFixture fixture, int buckets = OpenedStore.Buckets) =>
        await PostgresAsync(await (await fixture.ServerAsync()).NewSchemaAsync(), buckets);

    /// <summary>On a given server.</summary>
    public static async Task<OpenedStore> PostgresAsync(string connectionString, int buckets = OpenedStore.Buckets)
    {
        var source = PostgresSettings.Open(connectionString);
        await PostgresSchema.ApplyAsync(source, default);
        return new OpenedStore(new PostgresClusterStore(source, buckets),
            new PostgresOutboxes(source, new ParkedSettings { Items = MostParked })) { Owned = source };
    }
}

public sealed class MemoryClusterStoreTests : ClusterStoreContract
{
    protected override Task<OpenedStore> OpenAsync() => StoresUnderTest.MemoryAsync();
}

[Collection(PostgresTests.Name)]
public sealed class PostgresClusterStoreTests(PostgresFixture postgres) : ClusterStoreContract
{
    protected override Task<OpenedStore> OpenAsync() => StoresUnderTest.PostgresAsync(postgres);
}

public sealed class MemoryOutboxesTests : OutboxContract
{
    protected override int MostParked => 1_000;

    protected override Task<OpenedStore> OpenAsync() => StoresUnderTest.MemoryAsync();
}

[Collection(PostgresTests.Name)]
public sealed class PostgresOutboxesTests(PostgresFixture postgres) : OutboxContract
{
    protected override int MostParked => StoresUnderTest.MostParked;

    protected override Task<OpenedStore> OpenAsync() => StoresUnderTest.PostgresAsync(postgres);
}
