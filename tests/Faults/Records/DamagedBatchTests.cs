using System.Net;
using System.Text;
using Confluent.Kafka;
using Streaming.App.Broker;
using Streaming.Faults.Pipeline;
using Streaming.TestKit;

namespace Streaming.Faults.Records;

/// <summary>Bytes in the broker's log that no client can read block their partition alone,
/// are named, and can be left out; nothing else can.</summary>
public sealed class DamagedBatchTests
{
    private const string Marker = "this-record-is-damaged-on-the-disk";

    [SkippableFact]
    public async Task A_damaged_record_blocks_and_names_its_partition_and_skip_takes_only_that_offset()
    {
        Skip.If(KafkaKinds.Home is null, "KAFKA_HOME names no Apache Kafka distribution; the mock cluster has no files.");
        using var files = new TemporaryDirectory();
        await using var kafka = await EmbeddedKafka.StartAsync(KafkaKind.Apache, new TopicSpec("clicks", 2));
        await WriteAsync(kafka.BootstrapServers, 0, "before it");
        await WriteAsync(kafka.BootstrapServers, 0, Marker);
        await WriteAsync(kafka.BootstrapServers, 0, "behind it");
        await WriteAsync(kafka.BootstrapServers, 1, "beside it");
        Damage(kafka.DataDirectory!);

        await using (var pipeline = await StartAsync(files.Path, kafka))
        {
            await pipeline.UntilAsync(async () =>
                await pipeline.ReadyAsync() is (HttpStatusCode.ServiceUnavailable, var body)
                && body.Contains("partition-blocked", StringComparison.Ordinal) && body.Contains("clicks/0@1", StringComparison.Ordinal));
            await pipeline.UntilAsync(async () => (await pipeline.HandledAsync()).Rejected == 2); // what stands before it and beside it
            Assert.Equal(0, await pipeline.StopAsync());
        }

        Assert.Equal(2, (await SkipAsync(files.Path, "clicks", 0, 0)).ExitCode);
        Assert.Equal(2, (await SkipAsync(files.Path, "clicks", 1, 1)).ExitCode);
        var skipped = await SkipAsync(files.Path, "clicks", 0, 1);
        Assert.True(skipped.ExitCode == 0, skipped.Errors);
        Assert.Equal(2, (await SkipAsync(files.Path, "clicks", 0, 1)).ExitCode); // once

        await using (var pipeline = await StartAsync(files.Path, kafka))
        {
            await pipeline.UntilAsync(async () => (await pipeline.HandledAsync()).Rejected == 1); // what stands behind it
            await pipeline.UntilAsync(async () => (await pipeline.ReadyAsync()).Status == HttpStatusCode.OK);
            Assert.Equal(0, await pipeline.StopAsync());
        }
    }

    private static Task<RunningPipeline> StartAsync(string data, EmbeddedKafka kafka) =>
        RunningPipeline.StartAsync(data, KafkaKind.Mock, ("STREAMING__Host__Kafka__Bootstrap", kafka.BootstrapServers));

    private static async Task WriteAsync(string bootstrap, int partition, string value)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, Acks = Acks.All, CompressionType = CompressionType.None };
        using var producer = new ProducerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        var message = new Message<byte[], byte[]> { Key = "m"u8.ToArray(), Value = Encoding.UTF8.GetBytes(value) };
        await producer.ProduceAsync(new TopicPartition("clicks", partition), message);
    }

    /// <summary>Turns one letter of the record over, as a disk does.</summary>
    private static void Damage(string folder)
    {
        var log = Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories)
            .Single(f => Path.GetFileName(Path.GetDirectoryName(f)) == "clicks-0");
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        file.Position = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Marker));
        file.WriteByte((byte)'T');
    }

    private static Task<ExternalProgramResult> SkipAsync(string data, string topic, int partition, long offset) =>
        ExternalProgram.RunAsync("dotnet", [StreamingProgram.Assembly, "skip", "--data", data, "--topic", topic, "--partition",
            $"{partition}",
            "--offset", $"{offset}"]);
}
