using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary>What <c>ready</c> promises, and what Ctrl-C does when nobody answers.</summary>
public sealed class StartAndStopTests
{
    [Fact]
    public async Task The_ready_line_is_printed_only_when_the_tables_can_be_queried()
    {
        using var files = new TemporaryDirectory();
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, KafkaKind.Mock);
        Assert.Equal("0", await pipeline.AskAsync("SELECT count() FROM activity"));
        Assert.Equal(0, await pipeline.StopAsync());
    }

    [Theory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task A_stop_with_both_children_frozen_ends_all_processes_and_loses_no_purchase(KafkaKind kind)
    {
        using var files = new TemporaryDirectory();
        var shoppers = new PurchaseProducer(members: 5, purchasesEach: 2);
        await using (var pipeline = await RunningPipeline.StartAsync(files.Path, kind))
        {
            await shoppers.SendAsync(pipeline.Kafka, 0, 1);
            await shoppers.HavePointsAsync(pipeline, 1);
            pipeline.FreezeChild("broker");
            pipeline.FreezeChild("local-clickhouse");
            await pipeline.StopAsync();
            await Until.TrueAsync(() => !ProcessTree.IsNamed(files.Path)); // children of children die a moment after
        }

        if (kind == KafkaKind.Mock) shoppers.ForgetAcknowledgements();
        await using var second = await RunningPipeline.StartAsync(files.Path, kind);
        await shoppers.SendAsync(second.Kafka, 0, 2);
        await shoppers.CountedOnceAsync(second, 2);
        Assert.Equal(0, await second.StopAsync());
    }
}
