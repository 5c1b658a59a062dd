using Confluent.Kafka;
using Streaming.App.Broker;
using Streaming.Kafka.Client;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Kafka;

/// <summary>Missing topics are made as they must be, also where the broker would make them with defaults of its own.</summary>
public sealed class TopicSetupTests
{
    [Theory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task Missing_topics_are_made_with_the_wished_partitions_where_the_broker_has_a_controller(KafkaKind kind)
    {
        await using var kafka = await EmbeddedKafka.StartAsync(kind, new TopicSpec("clicks", 2));
        using var admin = new AdminClientBuilder(new KafkaSettings { Bootstrap = kafka.BootstrapServers }.Admin()).Build();
        var missing = $"missing-{Guid.NewGuid():N}";

        await TopicSetup.EnsureAsync(admin, [kafka.Topic("clicks"), missing], 3);

        var partitions = admin.GetMetadata(missing, TimeSpan.FromSeconds(30)).Topics.Single().Partitions.Count;
        Assert.Equal(kind == KafkaKind.Mock ? 4 : 3, partitions); // the mock makes topics as it likes
        Assert.Equal(2, admin.GetMetadata(kafka.Topic("clicks"), TimeSpan.FromSeconds(30)).Topics.Single().Partitions.Count);
        if (kind == KafkaKind.External) await admin.DeleteTopicsAsync([missing]);
    }
}
