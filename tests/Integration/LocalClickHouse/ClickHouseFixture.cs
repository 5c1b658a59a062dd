using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>One running engine for all tests of the HTTP interface; each test uses tables of its own.</summary>
public sealed class ClickHouseFixture : IAsyncLifetime
{
    public EmbeddedClickHouse Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await EmbeddedClickHouse.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(nameof(ClickHouseCollection))]
public sealed class ClickHouseCollection : ICollectionFixture<ClickHouseFixture>;
