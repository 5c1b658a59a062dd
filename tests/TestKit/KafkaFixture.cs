using System.Collections.Concurrent;
using Streaming.App.Broker;
using Xunit;

namespace Streaming.TestKit;

/// <summary>
/// Brokers shared by the tests of a class (<c>IClassFixture</c>) or a collection: each kind is started at first use. Tests that share
/// one use topics of their own, or keys of their own.
/// </summary>
/// <param name="topics">The topics that each broker is started with.</param>
public abstract class KafkaFixture(params IReadOnlyList<TopicSpec> topics) : IAsyncLifetime
{
    private readonly ConcurrentDictionary<KafkaKind, Lazy<Task<EmbeddedKafka>>> brokers = new();

    /// <summary>The broker of a kind, started if need be.</summary>
    public Task<EmbeddedKafka> OfAsync(KafkaKind kind) =>
        brokers.GetOrAdd(kind, wanted => new(() => EmbeddedKafka.StartAsync(wanted, topics))).Value;

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Stops the brokers.</summary>
    public async Task DisposeAsync()
    {
        foreach (var broker in brokers.Values)
        {
            await (await broker.Value).DisposeAsync();
        }
    }
}
