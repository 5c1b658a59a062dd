using Streaming.Grains.Tests.Storage;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Ingestion;

/// <summary>The group reads everything once, whoever comes and goes.</summary>
[Collection(PostgresTests.Name)]
public sealed class IngestionTests(PostgresFixture postgres)
{
    [SkippableTheory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task Two_silos_apply_every_record_once_and_proof_passes_the_last_record(KafkaKind kind)
    {
        await using var store = await StoresUnderTest.PostgresAsync(postgres, Cluster.TestSilos.Buckets);
        await using var rig = await IngestionFixture.StartAsync(kind, silos: 2, store);
        await rig.AssignedAsync(2);
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await rig.ProduceAsync(1_000);
        await rig.AllLandedAsync();
        await Until.TrueAsync(async () => await rig.ProvenAsync() > before, TimeSpan.FromMinutes(1));
    }

    [SkippableTheory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task A_record_with_too_large_headers_is_a_dead_letter_and_later_records_are_applied(KafkaKind kind)
    {
        await using var store = await StoresUnderTest.MemoryAsync(Cluster.TestSilos.Buckets);
        await using var rig = await IngestionFixture.StartAsync(kind, silos: 1, store);
        await rig.ProduceRefusedAsync(new string('n', 70_000), [1]);
        await rig.ProduceRefusedAsync("value", new byte[70_000]);
        await rig.ProduceAsync(100);
        await rig.AllLandedAsync();
        Assert.Equal(0, rig.Statuses.Sum(s => s.Failures + s.Restarts));
    }

    [SkippableTheory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task A_silo_that_joins_and_one_that_leaves_under_load_lose_and_repeat_nothing(KafkaKind kind)
    {
        await using var store = await StoresUnderTest.PostgresAsync(postgres, Cluster.TestSilos.Buckets);
        await using var rig = await IngestionFixture.StartAsync(kind, silos: 2, store);
        await rig.AssignedAsync(2);
        using var stop = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await rig.ProduceAsync(20);
        });
        await rig.Silos.JoinAsync();
        await rig.AssignedAsync(3);
        await rig.Silos.StopAsync(rig.Silos.Alive[0].SiloAddress);
        await rig.AssignedAsync(2);
        await stop.CancelAsync();
        await load;
        await rig.AllLandedAsync();
    }
}
