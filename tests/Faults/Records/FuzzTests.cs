using System.Net;
using Confluent.Kafka;
using Streaming.Faults.Pipeline;
using Streaming.TestKit;
using Xunit.Abstractions;

namespace Streaming.Faults.Records;

/// <summary>Whatever is written into the input topics, the pipeline stays ready and every
/// record is accounted for: applied, seen before or refused.</summary>
/// <remarks>A short form; <c>STREAMING_FUZZ</c> says how many records for each kind of broker.</remarks>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Topics = ["clicks", "purchases", "chats", "members", "clicks", "clicks"];
    private static readonly int Records = FuzzCount.Of("STREAMING_FUZZ", 2_000);

    [Theory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task Every_random_record_is_applied_or_duplicate_or_rejected(KafkaKind kind)
    {
        using var files = new TemporaryDirectory();
        await using var pipeline = await RunningPipeline.StartAsync(files.Path, kind);
        var seed = Environment.TickCount;
        output.WriteLine($"{kind}: seed {seed}, {Records} records");
        var written = 0L;
        foreach (var codec in Enum.GetValues<CompressionType>())
        {
            written += Write(pipeline.Kafka, codec, seed + (int)codec, kind == KafkaKind.Apache);
            // the mock cluster keeps a few MiB for each partition only: what is written is read before more is
            await pipeline.UntilAsync(async () => Sum(await pipeline.HandledAsync()) >= written);
        }

        var (applied, duplicates, rejected) = await pipeline.HandledAsync();
        output.WriteLine($"{written} written: {applied} applied, {duplicates} seen before, {rejected} refused");
        Assert.Equal(written, applied + duplicates + rejected);
        Assert.True(applied > 0 && rejected > 0);
        var (status, body) = await pipeline.ReadyAsync();
        Assert.True(status == HttpStatusCode.OK, body);
        var figures = (await pipeline.ScrapeAsync()).Values;
        Assert.Equal(0, figures.GetValueOrDefault("streaming_records_rejected_total{reason=\"internal\"}"));
        Assert.Equal(0, await pipeline.StopAsync());
    }

    /// <summary>Writes a fifth of the records; on Apache Kafka half of them in transactions,
    /// some of which are aborted. Gives how many can be read.</summary>
    private static long Write(string bootstrap, CompressionType codec, int seed, bool transactions)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = bootstrap, CompressionType = codec, Acks = Acks.All, EnableIdempotence = true, LingerMs = 5,
            MessageMaxBytes = 1_000_000, QueueBufferingMaxMessages = 1_000_000,
            TransactionalId = transactions ? $"fuzz-{codec}" : null,
        };
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).Build();
        if (transactions) producer.InitTransactions(TimeSpan.FromSeconds(30));
        var (random, records, written) = (new Random(seed), new RandomRecords(seed), 0L);
        for (var left = Records / Enum.GetValues<CompressionType>().Length; left > 0;)
        {
            if (transactions) producer.BeginTransaction();
            var (batch, refused) = (Math.Min(left, random.Next(1, 100)), 0);
            left -= batch;
            for (var i = 0; i < batch; i++)
            {
                try
                {
                    producer.Produce(Topics[random.Next(Topics.Length)], records.Next(), report =>
                    {
                        if (report.Error.IsError) Interlocked.Increment(ref refused);
                    });
                }
                catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.MsgSizeTooLarge)
                {
                    refused++; // larger than any producer sends
                }
            }

            producer.Flush(TimeSpan.FromMinutes(2));
            var aborted = transactions && random.Next(4) == 0;
            if (aborted) producer.AbortTransaction();
            else if (transactions) producer.CommitTransaction();
            if (!aborted) written += batch - refused;
        }

        return written;
    }

    private static long Sum((long Applied, long Duplicates, long Rejected) handled) =>
        handled.Applied + handled.Duplicates + handled.Rejected;
}
