using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Hosting;
using Streaming.ClickHouse.Client;
using Streaming.Engine.Rules;
using Streaming.Engine.Status;
using Streaming.Kafka.Client;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;
using Streaming.TestKit.Scenarios;

namespace Streaming.Pipeline.Tests.App;

/// <summary>What the ops page shows as the broker's last error.</summary>
public sealed class LastErrorTests
{
    [Fact]
    public async Task An_error_of_the_source_gives_way_to_a_later_one_of_the_sender()
    {
        KafkaNative.Load();
        using var place = new TemporaryDirectory();
        using var directory = DataDirectory.Open(place.Path);
        using var store = SqliteStore.Open(directory);
        var settings = new HostSettings
        {
            Kafka = new KafkaSettings { Bootstrap = "127.0.0.1:1" },
            ClickHouse = new ClickHouseSettings { Url = "http://127.0.0.1:1" },
        };
        Step[] steps = [new(Streaming.Members.Events.Topic.Purchases, "ann",
            """{"id":"p1","member":"ann","at":1700000000000,"kind":"paid","order":"o1","amount":"1.00","currency":"EUR"}""",
            1_700_000_000_000)];
        await using var host = new EmbeddedHost(settings,
            new HostedStore(store, DirectoryIdentity.Of(directory, store.Facts, null), new RulesBook(store.Facts, "{}")), HostMode.Live,
            wired => new ScenarioSource(steps, [1], steps.Length, wired, new SignalLog()), NullLoggerFactory.Instance);
        host.Source.Error = new PastError("a connection closed at the start", 1);
        Assert.Equal("a connection closed at the start", host.Report().Broker.LastError);

        host.Start();
        await Until.TrueAsync(() => host.Messages.Error is not null);
        Assert.Equal(host.Messages.Error!.Reason, host.Report().Broker.LastError);
    }
}
