using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Broker;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Kafka.Reading;
using Streaming.Members.Rules;
using Streaming.TestKit;

namespace Streaming.Faults.Sources;

/// <summary>Silence is proven by what the broker says it holds, and by nothing that a producer can write.</summary>
public sealed class ProofTests
{
    private static readonly InputTopics Topics = new("");

    [Theory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task A_timestamp_in_the_future_proves_nothing_about_later_records(KafkaKind kind)
    {
        await using var kafka = await EmbeddedKafka.StartAsync(kind, [.. Topics.Names.Select(t => new TopicSpec(t, 1))]);
        await SendAsync(kafka.BootstrapServers, 0, Now() + (55 * 60_000));
        await SendAsync(kafka.BootstrapServers, 0, Now());
        var both = Now();
        using var source = Connect(kafka, new CommitSettings { MaxRecords = 1 }); // the second waits unread while the first is handed on

        var read = 0;
        await Until.TrueAsync(() =>
        {
            var (records, proven) = Fill(source);
            read += records;
            Assert.True(read >= 2 || proven < both, $"Proven up to {proven}, with a record of {both} unread.");
            return read == 2 && proven >= both;
        });
    }

    [SkippableFact]
    public async Task Nothing_is_proven_before_an_added_partition_is_read()
    {
        Skip.If(KafkaKinds.Home is null, "KAFKA_HOME names no Apache Kafka distribution; the mock cluster cannot add partitions.");
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Apache, [.. Topics.Names.Select(t => new TopicSpec(t, 1))]);
        using var source = Connect(kafka, new CommitSettings());
        await Until.TrueAsync(() => Fill(source).Proven > long.MinValue);

        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build())
            await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "clicks", IncreaseTo = 3 }]);
        await Until.TrueAsync(() => TrySendAsync(kafka.BootstrapServers, 2), TimeSpan.FromMinutes(2));
        var sent = Now();
        var read = 0;
        await Until.TrueAsync(() =>
        {
            var (records, proven) = Fill(source);
            read += records;
            Assert.True(read == 1 || proven <= sent, $"Proven up to {proven}, with a record of {sent} unread in a partition that is new.");
            return read == 1 && proven > sent;
        });
    }

    private static IBatchSource Connect(EmbeddedKafka kafka, CommitSettings limits)
    {
        ITopicIdentity identity = kafka.Broker!.Life is { } life
            ? new BrokerLogIdentity(_ => Task.FromResult(life))
            : new BrokerTopicIdentity(new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build());
        return LiveSources.Of(kafka, identity, limits);
    }

    /// <summary>What one batch brings, when something may be due at any time.</summary>
    private static (int Records, long Proven) Fill(IBatchSource source)
    {
        var batch = new Batch(1) { Rules = new RuleSet() };
        source.Fill(batch, TimeSpan.FromMilliseconds(20), Now(), CancellationToken.None);
        return (batch.Records.Count, batch.Segments[^1].Proven);
    }

    private static async Task SendAsync(string bootstrap, int partition, long timestamp)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, Acks = Acks.All, AllowAutoCreateTopics = false };
        using var producer = new ProducerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        await producer.ProduceAsync(
            new TopicPartition("clicks", partition),
            new Message<byte[], byte[]> { Key = "m"u8.ToArray(), Value = Encoding.UTF8.GetBytes("{}"),
                Timestamp = new Timestamp(timestamp, TimestampType.CreateTime) });
    }

    /// <summary>False while the broker does not tell of the partition yet.</summary>
    private static async Task<bool> TrySendAsync(string bootstrap, int partition)
    {
        try
        {
            await SendAsync(bootstrap, partition, Now());
            return true;
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_UnknownPartition)
        {
            return false;
        }
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
