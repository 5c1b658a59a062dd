using System.Net;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary>kill -9 of one child while events flow: the pipeline goes on, and what each child holds is exact once it is back.</summary>
public sealed class KilledChildTests
{
    [Fact]
    public async Task The_pipeline_goes_on_while_ClickHouse_is_killed_and_its_sums_are_exact_afterwards()
    {
        using var files = new TemporaryDirectory();
        var shoppers = new PurchaseProducer(members: 20, purchasesEach: 15);
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, KafkaKind.Mock);
        for (var kills = 1; kills <= 3; kills++)
        {
            await shoppers.SendAsync(pipeline.Kafka, (kills - 1) * 5, (kills * 5) - 1);
            await pipeline.KillChildAsync("local-clickhouse");
            Assert.True(await shoppers.SendAsync(pipeline.Kafka, (kills * 5) - 1, kills * 5), pipeline.Output);
            await shoppers.HavePointsAsync(pipeline, kills * 5);
        }

        await shoppers.CountedOnceAsync(pipeline, 15);
        await pipeline.UntilAsync(async () => (await pipeline.ReadyAsync()).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_ClickHouse_is_away_the_pipeline_is_not_ready_and_blocks_wait_until_it_is_back()
    {
        using var files = new TemporaryDirectory();
        var shoppers = new PurchaseProducer(members: 10, purchasesEach: 4);
        var elsewhere = await EmbeddedClickHouse.StartAsync(Path.Combine(files.Path, "clickhouse"));
        try
        {
            await using var pipeline = await RunningPipeline.StartAsync(
                Path.Combine(files.Path, "data"), KafkaKind.Mock, [.. elsewhere.Given, ("STREAMING__Ops__ClickHouseAwayLimit", "00:00:01")]);
            await shoppers.SendAsync(pipeline.Kafka, 0, 2);
            await shoppers.CountedOnceAsync(pipeline, 2);
            var port = elsewhere.Url.Port;
            await elsewhere.KillAsync();
            await shoppers.SendAsync(pipeline.Kafka, 2, 4);
            await shoppers.HavePointsAsync(pipeline, 4);
            await pipeline.UntilAsync(async () => (await pipeline.ReadyAsync()) is { Status: HttpStatusCode.ServiceUnavailable } told
                && told.Body.Contains("clickhouse-away", StringComparison.Ordinal));

            await elsewhere.DisposeAsync();
            elsewhere = await EmbeddedClickHouse.StartAsync(Path.Combine(files.Path, "clickhouse"), ["--port", $"{port}"]);
            await shoppers.CountedOnceAsync(pipeline, 4);
            await pipeline.UntilAsync(async () => (await pipeline.ReadyAsync()).Status == HttpStatusCode.OK);
        }
        finally
        {
            await elsewhere.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task After_a_broker_kill_every_purchase_counts_once(KafkaKind kind)
    {
        using var files = new TemporaryDirectory();
        var shoppers = new PurchaseProducer(members: 20, purchasesEach: 12);
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, kind, ("STREAMING__Ops__BrokerAwayLimit", "00:00:01"));
        await shoppers.SendAsync(pipeline.Kafka, 0, 8);
        await shoppers.HavePointsAsync(pipeline, 8);
        await pipeline.KillChildAsync("broker");

        // The mock's new log is shorter than what was read of the old one: its low offsets must count all the same.
        await pipeline.UntilAsync(() => shoppers.SendAsync(pipeline.Kafka, 8, 12));
        await shoppers.CountedOnceAsync(pipeline, 12);
        await pipeline.UntilAsync(async () => (await pipeline.ReadyAsync()).Status == HttpStatusCode.OK);
        Assert.DoesNotContain(" are gone", pipeline.Output, StringComparison.Ordinal);
    }
}
