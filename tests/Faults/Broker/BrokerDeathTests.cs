using System.Diagnostics;
using Confluent.Kafka;
using Streaming.App.Broker;
using Streaming.TestKit;

namespace Streaming.Faults.Broker;

/// <summary>kill -9 of the embedded broker: it comes back where it was, and tells whether its log did.</summary>
public sealed class BrokerDeathTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task A_killed_broker_restarts_on_its_port_with_a_new_life_id_exactly_when_its_log_is_lost(KafkaKind kind)
    {
        await using var kafka = await EmbeddedKafka.StartAsync(kind, new TopicSpec("clicks", 3));
        var (address, firstLife) = (kafka.BootstrapServers, kafka.Broker!.Life);
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = address }).Build();
        await producer.ProduceAsync(new TopicPartition("clicks", 2), new() { Value = "before" });
        var restarted = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        kafka.Broker.Restarted += life => restarted.TrySetResult(life);

        using (var process = Process.GetProcessById(kafka.Broker.ProcessId!.Value))
        {
            process.Kill();
        }

        var secondLife = await restarted.Task.WaitAsync(Patience);
        Assert.Equal(address, kafka.Broker.BootstrapServers);
        Assert.Equal(secondLife, kafka.Broker.Life);
        var kept = Watermarks(address).High.Value;
        if (kind == KafkaKind.Mock)
        {
            Assert.NotNull(firstLife);
            Assert.NotNull(secondLife);
            Assert.NotEqual(firstLife, secondLife);
            Assert.Equal(0, kept);
        }
        else
        {
            Assert.Null(firstLife);
            Assert.Null(secondLife);
            Assert.Equal(1, kept);
        }

        // The client that was connected to the first life finds its way to the second.
        var delivered = await producer.ProduceAsync(new TopicPartition("clicks", 2), new() { Value = "after" });
        Assert.Equal(kept, delivered.Offset.Value);
    }

    [Fact]
    public async Task The_mock_broker_survives_SIGWINCH_and_SIGCONT()
    {
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Mock, new TopicSpec("clicks", 1));
        var broker = kafka.Broker!.ProcessId!.Value;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{broker}/task").Select(Path.GetFileName))
        {
            // what a resized terminal and a resumed job send, to whichever thread it may reach
            foreach (var signal in new[] { ProcessSignals.WindowChange, ProcessSignals.Cont })
            {
                ProcessSignals.Send(broker, int.Parse(thread!, System.Globalization.CultureInfo.InvariantCulture), signal);
            }
        }

        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers,
            MessageTimeoutMs = 120_000 }).Build();
        await producer.ProduceAsync("clicks", new() { Value = "after" });
        Assert.Equal(broker, kafka.Broker.ProcessId);
    }

    [SkippableFact]
    public async Task Apache_kafka_dies_with_the_process_that_started_it()
    {
        Skip.If(KafkaKinds.Home is null, "KAFKA_HOME names no Apache Kafka distribution.");
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Apache);
        using var broker = Process.GetProcessById(kafka.Broker!.ProcessId!.Value);
        using var java = Process.GetProcessById(ChildOf(broker.Id));

        broker.Kill();

        using var deadline = new CancellationTokenSource(Patience);
        await java.WaitForExitAsync(deadline.Token);
    }

    [SkippableFact]
    public async Task A_killed_Java_process_is_restarted_with_its_log()
    {
        Skip.If(KafkaKinds.Home is null, "KAFKA_HOME names no Apache Kafka distribution.");
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Apache, new TopicSpec("clicks", 3));
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await producer.ProduceAsync(new TopicPartition("clicks", 2), new() { Value = "before" });
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        kafka.Broker!.Restarted += _ => restarted.TrySetResult();

        using (var java = Process.GetProcessById(ChildOf(kafka.Broker.ProcessId!.Value)))
        {
            java.Kill();
        }

        await restarted.Task.WaitAsync(Patience);
        Assert.Equal(1, Watermarks(kafka.BootstrapServers).High.Value);
    }

    private static WatermarkOffsets Watermarks(string address)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig { BootstrapServers = address, GroupId = "none" })
            .Build();
        return consumer.QueryWatermarkOffsets(new TopicPartition("clicks", 2), Patience);
    }

    private static int ChildOf(int process) =>
        int.Parse(File.ReadAllText($"/proc/{process}/task/{SpawnerThread(process)}/children").Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A thread's children are listed under that thread; the one named "spawner" starts them all.</summary>
    private static string SpawnerThread(int process) => Path.GetFileName(
        Directory.EnumerateDirectories($"/proc/{process}/task").Single(thread => File.ReadAllText(Path.Combine(thread, "comm"))
            .Trim() == "spawner"));
}
