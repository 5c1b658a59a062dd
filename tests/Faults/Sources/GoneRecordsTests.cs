using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Broker;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Kafka.Reading;
using Streaming.Members.Rules;
using Streaming.TestKit;

namespace Streaming.Faults.Sources;

/// <summary>Records that a broker dropped before they were read are an alarm with their count, never a silent jump.</summary>
public sealed class GoneRecordsTests
{
    private const int Records = 12_000;

    [Fact]
    public async Task Records_dropped_by_the_broker_are_counted_as_gone_and_the_rest_is_read()
    {
        var topics = new InputTopics("");
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Mock, [.. topics.Names.Select(t => new TopicSpec(t, 1))]);
        var life = kafka.Broker!.Life!;
        await FillAsync(kafka.BootstrapServers);

        // a position from before: the same log, whose beginning the broker has dropped meanwhile
        var head = new StoreHead { Commit = 1, Positions = [new PartitionPosition("clicks", 0, life, 0)] };
        using var source = LiveSources.Of(kafka, new BrokerLogIdentity(_ => Task.FromResult(life)), head: head);

        var read = 0;
        await Until.TrueAsync(() =>
        {
            var batch = new Batch(1) { Rules = new RuleSet() };
            source.Fill(batch, TimeSpan.FromMilliseconds(100), long.MaxValue, CancellationToken.None);
            read += batch.Records.Count;
            return read > 0 && read + source.Status.Gone >= Records;
        });

        Assert.InRange(source.Status.Gone, 1, Records - 1);
        Assert.Equal(Records, read + source.Status.Gone);
    }

    /// <summary>About twelve megabytes into one partition that keeps about five.</summary>
    private static async Task FillAsync(string bootstrap)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = bootstrap,
            QueueBufferingMaxMessages = Records + 1 }).Build();
        var value = Encoding.UTF8.GetBytes(new string('x', 1_000));
        Task<DeliveryResult<byte[], byte[]>>? last = null;
        for (var i = 0; i < Records; i++)
        {
            last = producer.ProduceAsync("clicks", new Message<byte[], byte[]> { Key = "m"u8.ToArray(), Value = value });
        }
        await last!;
    }
}
