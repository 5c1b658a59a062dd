using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Broker;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Kafka.Sending;
using Streaming.Members.Snapshots;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.Kafka;

/// <summary>Messages that will never be taken, on a real broker: parked whole, told of, and the line moves on.</summary>
public sealed class RefusedMessageTests
{
    private const int TooLargeForTheClient = TopicSetup.DeadLetterBytes + 1;
    private const int TooLargeForTheBroker = 300_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [MemberData(nameof(KafkaKinds.All), MemberType = typeof(KafkaKinds))]
    public Task A_dead_letter_too_large_for_the_client_goes_out_shortened_and_stays_parked_whole(KafkaKind kind) =>
        RefusedAsync(kind, TooLargeForTheClient);

    [SkippableFact]
    public Task A_dead_letter_too_large_for_the_broker_goes_out_shortened_and_stays_parked_whole()
    {
        Skip.If(KafkaKinds.Home is null, "the mock cluster takes messages of any size: set KAFKA_HOME to an Apache Kafka");
        return RefusedAsync(KafkaKind.Apache, TooLargeForTheBroker);
    }

    private static async Task RefusedAsync(KafkaKind kind, int size)
    {
        await using var kafka = await EmbeddedKafka.StartAsync(kind,
            [.. Enum.GetValues<OutputTopic>().Select(t =>
            new TopicSpec(OutputTopics.Name(t), 1, t == OutputTopic.DeadLetters ? 100_000 : null))]);
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        using var store = SqliteStore.Open(directory);
        var whole = RandomNumberGenerator.GetBytes(size);
        store.Commit(Commit(whole));

        using var sink = new KafkaSink(store, new KafkaSettings { Bootstrap = kafka.BootstrapServers }, kafka.Topic(""),
            NullLogger.Instance) { Fault = e => Assert.Fail(e.ToString()) };
        sink.Start();
        sink.Durable(1);
        await Until.TrueAsync(() => sink.Sent == 1);

        var parked = Assert.Single(store.Parked.List(10));
        Assert.Equal(kafka.Topic("dead-letters"), parked.Target);
        var letter = Read(kafka, "dead-letters");
        Assert.Equal(whole.AsSpan(0, 65_536), letter.Value.AsSpan());
        Assert.Equal("ann", Encoding.UTF8.GetString(letter.Key));
        Assert.Equal("NotJson", Encoding.UTF8.GetString(letter.Headers.GetLastBytes("why")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)),
            Encoding.ASCII.GetString(letter.Headers.GetLastBytes("dead-letter-whole-sha256")));
        Assert.Equal("after it", Encoding.UTF8.GetString(Read(kafka, "rewards").Value));
        Assert.Equal(2, sink.Delivered);
    }

    private static Message<byte[], byte[]> Read(EmbeddedKafka kafka, string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.BootstrapServers,
            GroupId = "reader", EnableAutoCommit = false }).Build();
        consumer.Assign(new TopicPartitionOffset(kafka.Topic(topic), 0, Offset.Beginning));
        return consumer.Consume(Patience).Message;
    }

    private static CommitRecord Commit(byte[] whole)
    {
        var result = new ShardResult();
        var header = new byte[RecordHeaders.Size(3, 7)];
        RecordHeaders.Write(header, "why"u8, "NotJson"u8, false);
        OutputMessages.Write(result.Messages, OutputTopic.DeadLetters, "ann"u8, true, whole, true, header);
        OutputMessages.Write(result.Messages, OutputTopic.Rewards, "ann"u8, true, "after it"u8, true, default);
        return new CommitRecord
        {
            Number = 1,
            Now = 1,
            Sequence = new byte[1],
            Outputs = OutputCodec.Encode([result], default, new SnapshotWriter()),
            Positions = [],
            Snapshots = [],
            Blocks = [],
            Progress = default,
        };
    }
}
