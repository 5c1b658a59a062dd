using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Broker;

/// <summary>What clients find on every kind of broker: kcat, kafkajs and Confluent.Kafka over TCP.</summary>
public sealed class ClientTests(BrokerFixture brokers) : IClassFixture<BrokerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task A_topic_has_the_partitions_it_was_asked_for(KafkaKind kind)
    {
        var kafka = await brokers.OfAsync(kind);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();

        var metadata = admin.GetMetadata(kafka.Topic("counted"), Patience);

        Assert.Equal(7, Assert.Single(metadata.Topics).Partitions.Count);
        // What the broker advertises must be what was dialled, or no client could come back.
        Assert.Contains(metadata.Brokers, broker => $"{broker.Host}:{broker.Port}" == kafka.BootstrapServers || kind == KafkaKind.External);
    }

    [SkippableTheory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task Kcat_sends_and_reads(KafkaKind kind)
    {
        Skip.IfNot(ExternalProgram.Exists("kcat"), "kcat is not installed: apt-get install kcat.");
        var kafka = await brokers.OfAsync(kind);

        var sent = await ExternalProgram.RunAsync("kcat", ["-P", "-b", kafka.BootstrapServers, "-t", kafka.Topic("kcat"), "-K:"],
            "m-1:one\nm-2:two\nm-3:three\n");
        Assert.Equal(0, sent.ExitCode);
        var read = await ExternalProgram.RunAsync("kcat", ["-C", "-b", kafka.BootstrapServers, "-t", kafka.Topic("kcat"), "-e", "-q", "-f",
            "%k=%s\n"]);

        Assert.Equal(["m-1=one", "m-2=two", "m-3=three"], read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [SkippableTheory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task Kafkajs_sends_and_reads_as_a_group(KafkaKind kind)
    {
        var folder = Path.Combine(StreamingProgram.Repository, "tests", "Integration", "Broker", "js");
        Skip.IfNot(Directory.Exists(Path.Combine(folder, "node_modules")), "kafkajs is not installed: deploy/test does it (npm ci in " +
            "tests/Integration/Broker/js).");
        var kafka = await brokers.OfAsync(kind);

        var done = await ExternalProgram.RunAsync("node", [Path.Combine(folder, "round-trip.js"), kafka.BootstrapServers,
            kafka.Topic("kafkajs"),
            "500"]);

        Assert.True(done.ExitCode == 0, done.Errors);
        Assert.Equal("""{"received":500,"wrong":0}""", done.Output.Trim());
    }

    [Theory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task A_record_keeps_key_bytes_headers_timestamp_and_order(KafkaKind kind)
    {
        var kafka = await brokers.OfAsync(kind);
        var place = new TopicPartition(kafka.Topic("confluent"), 3);
        byte[] value = [0xFF, 0xFE, 0x00, 0x7B];
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000;
        using (var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers,
            EnableIdempotence = true, CompressionType = CompressionType.Lz4 }).Build())
        {
            for (byte i = 0; i < 100; i++)
            {
                producer.Produce(place, new() { Key = [i], Value = value, Timestamp = new Timestamp(at, TimestampType.CreateTime),
                    Headers = [new Header("source", "shop"u8.ToArray())] });
            }

            Assert.Equal(0, producer.Flush(Patience));
        }

        using var consumer = Consumer(kafka);
        consumer.Assign(new TopicPartitionOffset(place, 0));
        for (byte i = 0; i < 100; i++)
        {
            var record = consumer.Consume(Patience);
            Assert.Equal(i, record.Offset.Value);
            Assert.Equal([i], record.Message.Key);
            Assert.Equal(value, record.Message.Value);
            Assert.Equal(at, record.Message.Timestamp.UnixTimestampMs);
            Assert.Equal("shop", Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("source")));
        }

        // The end is told by position, which is how the pipeline knows that it has read everything.
        Assert.True(consumer.Consume(Patience).IsPartitionEOF);
    }

    [Theory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task Records_of_every_compression_are_read(KafkaKind kind)
    {
        var kafka = await brokers.OfAsync(kind);
        var place = new TopicPartition(kafka.Topic("compressed"), 0);
        CompressionType[] codecs =
            [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];
        var value = new byte[10_000];
        foreach (var codec in codecs)
        {
            using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers,
                CompressionType = codec }).Build();
            await producer.ProduceAsync(place, new() { Value = value });
        }

        using var consumer = Consumer(kafka);
        consumer.Assign(new TopicPartitionOffset(place, 0));
        Assert.All(codecs, _ => Assert.Equal(value, consumer.Consume(Patience).Message.Value));
    }

    [Theory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task A_group_reads_back_its_committed_offset(KafkaKind kind)
    {
        var kafka = await brokers.OfAsync(kind);
        var place = new TopicPartition(kafka.Topic("groups"), 1);
        using var consumer = Consumer(kafka);

        consumer.Commit([new TopicPartitionOffset(place, 42)]);

        Assert.Equal(42, Assert.Single(consumer.Committed([place], Patience)).Offset.Value);
    }

    [Theory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public async Task A_topic_can_take_larger_messages_than_the_others(KafkaKind kind)
    {
        var kafka = await brokers.OfAsync(kind);
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers,
            MessageMaxBytes = 4 * 1024 * 1024 }).Build();

        var delivered = await producer.ProduceAsync(kafka.Topic("large"), new() { Value = new byte[2 * 1024 * 1024] });

        Assert.Equal(PersistenceStatus.Persisted, delivered.Status);
        if (kind == KafkaKind.Apache)
        {
            var refused = await Assert.ThrowsAsync<ProduceException<Null, byte[]>>(() =>
                producer.ProduceAsync(kafka.Topic("small"), new() { Value = new byte[2 * 1024 * 1024] }));
            Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        }
    }

    [Fact]
    public async Task The_mock_cluster_keeps_five_megabytes_and_reports_dropped_offsets()
    {
        var kafka = await brokers.OfAsync(KafkaKind.Mock);
        var place = new TopicPartition(kafka.Topic("forgetful"), 0);
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build())
        {
            for (var i = 0; i < 80; i++)
            {
                await producer.ProduceAsync(place, new() { Value = new byte[100_000] });
            }
        }

        using var consumer = Consumer(kafka);
        var kept = consumer.QueryWatermarkOffsets(place, Patience);
        consumer.Assign(new TopicPartitionOffset(place, 0));
        var gone = Assert.Throws<ConsumeException>(() => consumer.Consume(Patience));

        Assert.Equal(80, kept.High.Value);
        Assert.InRange((80 - kept.Low.Value) * 100_000, 4_500_000, 5_500_000);
        Assert.Equal(ErrorCode.Local_AutoOffsetReset, gone.Error.Code);
    }

    [Fact]
    public async Task The_mock_cluster_refuses_admin_requests_and_creates_a_topic_at_first_use()
    {
        var kafka = await brokers.OfAsync(KafkaKind.Mock);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();

        // It never answers; the client itself would wait for a minute.
        var patience = new CreateTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(5) };
        await Assert.ThrowsAsync<KafkaException>(() =>
            admin.CreateTopicsAsync([new TopicSpecification { Name = "asked-for", NumPartitions = 2 }], patience));

        Assert.Equal(4, Assert.Single(admin.GetMetadata("mentioned", Patience).Topics).Partitions.Count);
    }

    private static IConsumer<byte[], byte[]> Consumer(EmbeddedKafka kafka) => new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
    {
        BootstrapServers = kafka.BootstrapServers,
        GroupId = "tests",
        EnableAutoCommit = false,
        EnablePartitionEof = true,
        AutoOffsetReset = AutoOffsetReset.Error,
    }).Build();
}
