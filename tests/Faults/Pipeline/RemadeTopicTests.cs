using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary>A topic deleted and made anew on a broker that keeps its log: offsets of the old one mean nothing any more.</summary>
public sealed class RemadeTopicTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task A_topic_that_was_deleted_and_created_again_is_read_from_its_start()
    {
        Skip.If(KafkaKinds.Home is null, "KAFKA_HOME names no Apache Kafka distribution; the mock cluster cannot delete topics.");
        using var files = new TemporaryDirectory();
        var shoppers = new PurchaseProducer(members: 10, purchasesEach: 12);
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, KafkaKind.Apache);
        await shoppers.SendAsync(pipeline.Kafka, 0, 8);
        await shoppers.HavePointsAsync(pipeline, 8);

        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = pipeline.Kafka }).SetLogHandler((_, _) => { })
            .Build())
        {
            await admin.DeleteTopicsAsync(["purchases"]);
            await Until.TrueAsync(async () =>
            {
                try
                {
                    await admin.CreateTopicsAsync([new TopicSpecification { Name = "purchases", NumPartitions = 4,
                        ReplicationFactor = 1 }]);
                    return true;
                }
                catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
                {
                    return false; // the deletion is still under way
                }
            }, Patience);
        }

        await Until.TrueAsync(() => shoppers.SendAsync(pipeline.Kafka, 8, 12), Patience);
        await shoppers.CountedOnceAsync(pipeline, 12);
    }
}
