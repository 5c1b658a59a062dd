using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.App.Broker;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Sources;
using Streaming.Kafka.Reading;
using Streaming.Members.Rules;
using Streaming.TestKit;

namespace Streaming.Faults.Sources;

/// <summary>A broker that froze closes no connection and reports no error: the pipeline notices it only because a request is not
/// answered.</summary>
public sealed class FrozenBrokerTests
{
    [Fact]
    public async Task A_frozen_broker_counts_as_away_and_is_read_when_it_runs_again()
    {
        await using var kafka = await StartAsync();
        var clock = new ManualClock(DateTimeOffset.UtcNow); // never the minute after which everything is verified anyway
        using var source = await ReadingAsync(kafka, clock);
        Assert.Equal(0, source.Status.AwaySince);

        var broker = kafka.Broker!.ProcessId!.Value;
        ProcessSignals.Send(broker, ProcessSignals.Stop);
        try
        {
            var frozenAt = clock.Now;
            clock.Pass(TimeSpan.FromSeconds(6));
            await Until.TrueAsync(() => Read(source) == 0 && source.Status.AwaySince != 0);
            Assert.InRange(source.Status.AwaySince, frozenAt, frozenAt + 6_000);
        }
        finally
        {
            ProcessSignals.Send(broker, ProcessSignals.Cont);
        }

        await SendAsync(kafka.BootstrapServers);
        // A record may come before the answer to the question that the freeze left open: until then the broker still counts as away.
        var read = 0;
        await Until.TrueAsync(() => (read += Read(source)) > 0 && source.Status.AwaySince == 0);
    }

    [Fact]
    public async Task A_broker_that_freezes_while_intake_is_held_counts_as_away_until_it_answers_again()
    {
        await using var kafka = await StartAsync();
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        using var source = await ReadingAsync(kafka, clock);

        var broker = kafka.Broker!.ProcessId!.Value;
        var frozenAt = clock.Now;
        ProcessSignals.Send(broker, ProcessSignals.Stop);
        try
        {
            await Until.TrueAsync(() => Task.FromResult(HoldFor(TimeSpan.FromSeconds(6)) != 0), TimeSpan.FromMinutes(2));
            Assert.True(source.Status.AwaySince >= frozenAt);
        }
        finally
        {
            ProcessSignals.Send(broker, ProcessSignals.Cont);
        }

        await Until.TrueAsync(() => Task.FromResult(HoldFor(TimeSpan.FromSeconds(6)) == 0), TimeSpan.FromMinutes(2));
        await SendAsync(kafka.BootstrapServers);
        await Until.TrueAsync(() => Task.FromResult(Read(source) > 0), TimeSpan.FromMinutes(2));

        long HoldFor(TimeSpan time)
        {
            source.Hold(TimeSpan.FromMilliseconds(50));
            clock.Pass(time);
            return source.Status.AwaySince;
        }
    }

    private static Task<EmbeddedKafka> StartAsync() =>
        EmbeddedKafka.StartAsync(KafkaKind.Mock, [.. new InputTopics("").Names.Select(t => new TopicSpec(t, 1))]);

    /// <summary>A source that has read a record of this broker; seconds of silence pass for it on the clock given.</summary>
    private static async Task<IBatchSource> ReadingAsync(EmbeddedKafka kafka, ManualClock clock)
    {
        var life = kafka.Broker!.Life!;
        var source = LiveSources.Of(kafka, new BrokerLogIdentity(_ => Task.FromResult(life)), clock: clock);
        await SendAsync(kafka.BootstrapServers);
        await Until.TrueAsync(() => Read(source) > 0);
        return source;
    }

    private static int Read(IBatchSource source)
    {
        var batch = new Batch(1) { Rules = new RuleSet() };
        source.Fill(batch, TimeSpan.FromMilliseconds(50), long.MaxValue, CancellationToken.None);
        return batch.Records.Count;
    }

    private static async Task SendAsync(string bootstrap)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = bootstrap }).Build();
        await producer.ProduceAsync("clicks", new Message<byte[], byte[]> { Key = "m"u8.ToArray(), Value = Encoding.UTF8.GetBytes("{}") });
    }
}
