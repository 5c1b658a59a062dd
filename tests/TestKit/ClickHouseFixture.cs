using Xunit;

namespace Streaming.TestKit;

/// <summary>One running engine for the tests that share it.</summary>
public sealed class ClickHouseFixture : IAsyncLifetime
{
    /// <summary>The engine.</summary>
    public EmbeddedClickHouse Server { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Server = await EmbeddedClickHouse.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Server.DisposeAsync();
}
