using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Common.CommandLine;
using Streaming.Contract.Records;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Common.Lives;

namespace Streaming.Loadtests.Ladder;

/// <summary>What was sent before the first rung.</summary>
/// <param name="Members">Distinct members among the events.</param>
/// <param name="Bytes">Bytes of keys and values.</param>
/// <param name="Took">How long it took.</param>
internal sealed record Filled(int Members, long Bytes, TimeSpan Took);

/// <summary>Fills the topics with a week of lives that ends now.</summary>
internal static class TopicFill
{
    private const long Week = 7L * 86_400_000;

    /// <summary>Sends all events and waits until the broker has acknowledged each.</summary>
    /// <exception cref="CommandException">An event was refused.</exception>
    public static async Task<Filled> RunAsync(LadderBackends backends, LadderOptions options, CancellationToken stop) =>
        await Task.Run(() => Run(backends, options, stop), stop);

    private static Filled Run(LadderBackends backends, LadderOptions options, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var step = Week / (double)options.Events;
        using var lives = new MemberLives(new LivesOptions(options.Members, (int)(60_000 / step), options.Seed));
        var names = new InputTopics(backends.Prefix).Names;
        string? failure = null;
        var bytes = 0L;
        using var producer = new ProducerBuilder<byte[], byte[]>(ExistingKafka.At(backends.Kafka).Producer()).SetLogHandler((_, _) => { })
            .Build();
        for (var i = 0; i < options.Events && failure is null; i++)
        {
            stop.ThrowIfCancellationRequested();
            lives.Next(now - Week + (long)(i * step));
            var message = new Message<byte[], byte[]> { Key = lives.Key, Value = lives.Value.ToArray() };
            bytes += message.Key.Length + message.Value.Length;
            Send(producer, names[(int)lives.Topic], message, report =>
            {
                if (report.Error.IsError) failure = report.Error.Reason;
            });
        }

        producer.Flush(stop);
        return failure is null
            ? new Filled(lives.Met, bytes, Stopwatch.GetElapsedTime(began))
            : throw new CommandException($"The broker at {backends.Kafka} did not take the events: {failure}");
    }

    private static void Send(IProducer<byte[], byte[]> producer, string topic, Message<byte[], byte[]> message,
        Action<DeliveryReport<byte[], byte[]>> report)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, message, report);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}
