using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Grains.Actors;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Storage;
using Streaming.Silo.Hosting;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Hosting;

/// <summary>What waits for an operator is in the health rows of a silo, as in those of one machine.</summary>
public sealed class SiloHealthTests
{
    [Fact]
    public async Task Members_put_aside_and_parked_items_are_told_by_outbox()
    {
        await using var opened = await StoresUnderTest.MemoryAsync();
        var lease = await opened.Outboxes.ClaimAsync("a", TimeSpan.FromMinutes(5), default);
        var term = new LeaseTerm(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1), TimeProvider.System);
        var outbox = await HeldOutbox.OpenAsync(opened.Outboxes, lease, term, default);
        var aside = new Aside();
        var count = new ParkedCount(outbox.Parked, NullLogger<ParkedCount>.Instance);
        outbox.Parked.Add(ParkedItem.Message, "rewards", "too large", [1]);
        outbox.Parked.Add(ParkedItem.Message, "rewards", "too large", [2]);
        aside.Add("m"u8);
        await Until.TrueAsync(() => count.Latest() == 2);
        Assert.Equal([new HealthRow(HealthMetric.Aside, "w", 1), new HealthRow(HealthMetric.Parked, "w", 2)],
            SiloRun.Kept(aside, count, "w"));
    }
}
