using Streaming.TestKit;

namespace Streaming.Grains.Tests.Faults;

/// <summary>Silos as processes under load on Apache Kafka, PostgreSQL and ClickHouse:
/// whatever happens to them, every event counts once.</summary>
public sealed class ClusterFaultTests
{
    private const int Events = 2_000;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    [SkippableFact]
    public async Task Every_purchase_counts_once_after_a_silo_was_killed()
    {
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        await using var first = await parts.SiloAsync(Lease);
        await using var second = await parts.SiloAsync(Lease);
        await using var third = await parts.SiloAsync(Lease);
        var load = new PurchaseLoad(parts.Kafka, Events);

        await load.SendAsync(third.KillAsync);

        await EverythingOnceAsync(load, parts, first, second);
    }

    [SkippableFact]
    public async Task Every_purchase_counts_once_while_a_silo_joins_and_one_leaves()
    {
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        await using var first = await parts.SiloAsync(Lease);
        await using var second = await parts.SiloAsync(Lease);
        var load = new PurchaseLoad(parts.Kafka, Events);
        SiloProcess? joined = null;

        await load.SendAsync(async () =>
        {
            joined = await parts.SiloAsync(Lease);
            Assert.Equal(0, await first.LeaveAsync());
        });

        await using (joined) await EverythingOnceAsync(load, parts, second, joined!);
    }

    [SkippableFact]
    public async Task Every_purchase_counts_once_after_PostgreSQL_was_away()
    {
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        await using var first = await parts.SiloAsync(TimeSpan.FromMinutes(2));
        await using var second = await parts.SiloAsync(TimeSpan.FromMinutes(2));
        var load = new PurchaseLoad(parts.Kafka, Events);

        await load.SendAsync(async () =>
        {
            await parts.Database.KillAsync();
            await parts.Database.UpAsync();
        });

        await EverythingOnceAsync(load, parts, first, second);
    }

    [SkippableFact]
    public async Task A_silo_frozen_past_its_lease_ends_and_every_purchase_counts_once()
    {
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        await using var first = await parts.SiloAsync(Lease);
        await using var second = await parts.SiloAsync(Lease);
        var others = await parts.OutboxesAsync();
        await using var third = await parts.SiloAsync(Lease);
        var outbox = (await parts.OutboxesAsync()).Except(others).Single();
        var load = new PurchaseLoad(parts.Kafka, Events);

        await load.SendAsync(async () =>
        {
            // It stands still while something waits in its outbox, since nobody adopts an empty one. What was on its way to the database
            // when it was stopped may empty it yet: then it goes on, and is stopped again.
            await Until.TrueAsync(async () =>
            {
                third.Freeze();
                if ($"{first.Said}{second.Said}".Contains("was left behind", StringComparison.Ordinal)) return true;
                if (!await parts.WaitsAsync(outbox)) third.Thaw();
                return false;
            }, TimeSpan.FromSeconds(120));
            third.Thaw();
        });

        // it lost its outbox, or it heard that others took it for dead: whichever it learns first
        Assert.Contains(await third.EndAsync(), new[] { 1, 134 });
        await EverythingOnceAsync(load, parts, first, second);
    }

    private static async Task EverythingOnceAsync(PurchaseLoad load, ClusterParts parts, params SiloProcess[] alive)
    {
        try
        {
            await load.AppliedOnceAsync(alive[0]);
            await load.RewardedOnceAsync();
            await load.CountedOnceAsync(parts.ClickHouse);
            foreach (var silo in alive) Assert.Equal(0, await silo.LeaveAsync());
            Assert.Equal(load.Sent, await PurchaseLoad.CountAsync(parts.ClickHouse)); // nothing more came after all was there
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{string.Join("\n--- next silo\n", alive.Select(s => s.Said))}", e);
        }
    }
}
