using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Storing;
using Streaming.Pipeline.Tests.Stores;

namespace Streaming.Pipeline.Tests.ClickHouse;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Tables_are_made_once_the_store_that_was_away_is_back()
    {
        using var place = new TemporaryStore();
        var attempts = 0;
        using var delivery = new ClickHouseDelivery(new ClickHouseSettings { Url = "http://127.0.0.1:1" }, new SenderSettings(),
            place.Store, Rows.Writer, (_, _) => ++attempts == 1 ? throw new StoreException("away", true) : Task.CompletedTask,
            NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();

        var running = Task.Run(() => delivery.RunAsync(stop.Token));
        Assert.Same(delivery.Prepared, await Task.WhenAny(delivery.Prepared, running));

        Assert.Equal((2, true, null), (attempts, delivery.Migrated, delivery.Refused));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_store_that_refuses_for_good_ends_delivery()
    {
        using var place = new TemporaryStore();
        using var delivery = new ClickHouseDelivery(new ClickHouseSettings { Url = "http://127.0.0.1:1" }, new SenderSettings(),
            place.Store, Rows.Writer, (_, _) => throw new StoreException("damaged", false), NullLoggerFactory.Instance);

        await Assert.ThrowsAsync<StoreException>(() => delivery.RunAsync(CancellationToken.None));
    }
}
