using Confluent.Kafka;
using Streaming.Loadtests;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Sources;

namespace Streaming.Load;

/// <summary>Sends a workload at its own pace, whatever the system does: what could not be sent in time is sent as soon as it can be, and counts from when it was due.</summary>
internal sealed class Sender(KafkaSettings kafka, Workload workload, string run, Expected expected, Timeline timeline)
{
    private const int FarthestRepeat = 16;
    private const double LatestSeconds = 3_600;
    private readonly InputTopics topics = new("");
    private readonly Random random = new(workload.Seed);
    private readonly Queue<(long After, string Topic, Message<byte[], byte[]> Message)> repeats = new();
    private string? failure;

    /// <summary>Sends everything and waits for the broker's acknowledgement of each.</summary>
    /// <exception cref="LoadtestException">The broker refused a record.</exception>
    public void Run(CancellationToken stop)
    {
        var peak = workload.Phases.Max(p => Math.Max(p.Rate, p.To ?? 0));
        using var lives = new MemberLives(new LivesOptions(workload.Members, (int)Math.Clamp(peak * 60, 1, 1_000_000), workload.Seed, run, workload.Zipf, workload.HotShare));
        using var producer = new ProducerBuilder<byte[], byte[]>(kafka.Producer()).SetLogHandler((_, _) => { }).Build();
        var start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)(timeline.Now * 1000);
        var from = timeline.Now;
        var number = 0L;
        foreach (var phase in workload.Phases)
        {
            foreach (var time in phase.Times())
            {
                var due = from + time;
                Await(due, stop);
                Event(producer, lives, ++number, start, due);
                if (failure is not null) throw new LoadtestException($"The broker at {kafka.Bootstrap} did not take an event: {failure}");
            }

            from += phase.Seconds;
        }

        while (repeats.TryDequeue(out var last)) Send(producer, last.Topic, last.Message, timeline.Now, isEvent: false);
        producer.Flush(stop);
        if (failure is not null) throw new LoadtestException($"The broker at {kafka.Bootstrap} did not take an event: {failure}");
    }

    private void Await(double due, CancellationToken stop)
    {
        for (var left = due - timeline.Now; left > 0; left = due - timeline.Now)
        {
            stop.ThrowIfCancellationRequested();
            Thread.Sleep((int)Math.Clamp(left * 1000, 1, 200));
        }
    }

    private void Event(IProducer<byte[], byte[]> producer, MemberLives lives, long number, long start, double due)
    {
        var late = random.NextDouble() < workload.Late ? random.NextDouble() * LatestSeconds : 0;
        lives.Next(start + (long)((due - late) * 1000));
        var topic = topics.Names[(int)lives.Topic];
        var message = new Message<byte[], byte[]> { Key = lives.Key, Value = lives.Value.ToArray() };
        expected.ByKind[lives.Kind] = expected.ByKind.GetValueOrDefault(lives.Kind) + 1;
        if (lives.Kind == "paid")
        {
            expected.Purchases++;
            expected.Unrewarded["purchases/" + lives.Id] = due;
        }

        Send(producer, topic, message, due, isEvent: true);
        if (random.NextDouble() < workload.Malformed)
        {
            expected.Malformed++;
            Send(producer, topic, new Message<byte[], byte[]> { Key = message.Key, Value = message.Value[..^1] }, due, isEvent: false);
        }

        if (random.NextDouble() < workload.Duplicates)
        {
            expected.Duplicates++;
            repeats.Enqueue((number + 1 + random.Next(FarthestRepeat), topic, message));
        }

        while (repeats.TryPeek(out var next) && next.After <= number) Send(producer, next.Topic, repeats.Dequeue().Message, due, isEvent: false);
    }

    private void Send(IProducer<byte[], byte[]> producer, string topic, Message<byte[], byte[]> message, double due, bool isEvent)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, message, report =>
                {
                    if (report.Error.IsError) failure = report.Error.Reason;
                });
                timeline.Sent(due, isEvent);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                Thread.Sleep(5); // the client's own threads send what is queued; the schedule goes on meanwhile
            }
        }
    }
}
