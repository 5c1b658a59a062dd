using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Streaming.Common.CommandLine;
using Streaming.Contract.Records;
using Streaming.Kafka.Client;
using Streaming.Loadtests.Common.Lives;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>Sends a workload at a fixed schedule, independent of the system (open loop). A late event is sent as soon as possible; its
/// latency counts from its due time.</summary>
internal sealed class Sender : IDisposable
{
    private const int FarthestRepeat = 16;
    private const double LatestSeconds = 3_600;
    private readonly InputTopics topics;
    private readonly string bootstrap;
    private readonly Workload workload;
    private readonly string run;
    private readonly Expected expected;
    private readonly Timeline timeline;
    private readonly Random random;
    private readonly Queue<(long After, string Topic, Message<byte[], byte[]> Message)> repeats = new();
    private readonly IProducer<byte[], byte[]> producer;
    private string? failure;
    private bool preparing;
    private long refusals; // of the client's own queue, 5 ms each

    public Sender(KafkaSettings kafka, string topicPrefix, Workload workload, string run, Expected expected, Timeline timeline)
    {
        bootstrap = kafka.Bootstrap;
        topics = new InputTopics(topicPrefix);
        this.workload = workload;
        this.run = run;
        this.expected = expected;
        this.timeline = timeline;
        random = new Random(workload.Seed);
        producer = new ProducerBuilder<byte[], byte[]>(kafka.Producer()).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>Seconds spent waiting since the client's queue was full: the broker took less than was sent.</summary>
    public double Refused => Interlocked.Read(ref refusals) * 0.005;

    /// <summary>Makes the members of a storm and expects their messages.</summary>
    /// <remarks>Topics have no order among each other: nobody buys before it is seen that all have
    /// joined, with the time zone that says when it is night.</remarks>
    /// <param name="instant">When it comes, epoch milliseconds.</param>
    public void Prepare(StormPlan storm, long instant, CancellationToken stop)
    {
        preparing = true;
        foreach (var topic in new[] { Topic.Members, Topic.Purchases })
        {
            for (var i = 0; i < storm.Members; i++)
            {
                stop.ThrowIfCancellationRequested();
                var member = string.Create(CultureInfo.InvariantCulture, $"s-{run}{i:0000000}");
                var (now, moment) = (Clock(), timeline.Now);
                foreach (var e in storm.Prepare(member, instant, now).Where(e => e.Topic == topic))
                {
                    SendEvent(e.Topic, e.Kind, e.Id, member, e.At, e.Fields, moment);
                }
                if (topic == Topic.Members)
                {
                    expected.Await(Way.Storm, Expected.Message(storm.Effect, member), moment + ((instant - now) / 1000.0));
                }
            }

            producer.Flush(stop);
            Check();
            if (!timeline.Shown(storm.Members, TimeSpan.FromSeconds(storm.LeadSeconds), stop))
            {
                throw new CommandException($"The members of the storm were not all there {storm.LeadSeconds} s after they had been " +
                    $"sent: give it a longer storm.leadSeconds.");
            }
        }

        preparing = false;
    }

    /// <summary>Sends everything and waits for the broker's acknowledgement of each.</summary>
    /// <exception cref="CommandException">The broker refused a record.</exception>
    public void Run(CancellationToken stop)
    {
        var peak = workload.Phases.Max(p => Math.Max(p.Rate, p.To ?? 0));
        using var lives = new MemberLives(new LivesOptions(workload.Members, (int)Math.Clamp(peak * 60, 1, 1_000_000), workload.Seed, run,
            workload.Zipf, workload.HotShare, workload.Prefilled));
        var start = Clock() - (long)(timeline.Now * 1000);
        var from = timeline.Now;
        var number = 0L;
        foreach (var phase in workload.Phases)
        {
            foreach (var time in phase.Times())
            {
                var due = from + time;
                Await(due, stop);
                Event(lives, ++number, start, due);
                Check();
            }

            from += phase.Seconds;
        }

        while (repeats.TryDequeue(out var last)) Send(last.Topic, last.Message, timeline.Now, isEvent: false);
        producer.Flush(stop);
        Check();
    }

    /// <inheritdoc/>
    public void Dispose() => producer.Dispose();

    private static long Clock() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private void Check()
    {
        if (failure is not null) throw new CommandException($"The broker at {bootstrap} did not take an event: {failure}");
    }

    private void Await(double due, CancellationToken stop)
    {
        for (var left = due - timeline.Now; left > 0; left = due - timeline.Now)
        {
            stop.ThrowIfCancellationRequested();
            Thread.Sleep((int)Math.Clamp(left * 1000, 1, 200));
        }
    }

    private void Event(MemberLives lives, long number, long start, double due)
    {
        var late = random.NextDouble() < workload.Late ? random.NextDouble() * LatestSeconds : 0;
        var at = start + (long)((due - late) * 1000);
        lives.Next(at);
        var topic = topics.Names[(int)lives.Topic];
        var message = new Message<byte[], byte[]> { Key = lives.Key, Value = lives.Value.ToArray() };
        expected.Count(lives.Kind);
        if (lives.Kind == "paid") expected.Await(Way.Reward, Expected.Message("points-earned", "purchases/" + lives.Id), due);
        Send(topic, message, due, isEvent: true);
        if (random.NextDouble() < workload.Complaints) Complaint(number, at, due);
        if (random.NextDouble() < workload.Malformed)
        {
            expected.Malformed++;
            Send(topic, new Message<byte[], byte[]> { Key = message.Key, Value = message.Value[..^1] }, due, isEvent: false);
        }

        if (random.NextDouble() < workload.Duplicates)
        {
            expected.Duplicates++;
            repeats.Enqueue((number + 1 + random.Next(FarthestRepeat), topic, message));
        }

        while (repeats.TryPeek(out var next) && next.After <= number) Send(next.Topic, repeats.Dequeue().Message, due, isEvent: false);
    }

    // of somebody new: a member that complains again within its cooldown raises no alert
    private void Complaint(long number, long at, double due)
    {
        var id = $"c-{run}{number}";
        expected.Await(Way.Alert, Expected.Message("alert-raised", "chats/" + id), due);
        SendEvent(Topic.Chats, "complaint", id, id, at, $"\"room\":\"support\",\"text\":\"it never came\",\"case\":\"{id}\"", due);
    }

    private void SendEvent(Topic topic, string kind, string id, string member, long at, string fields, double due)
    {
        expected.Count(kind);
        var value = string.Create(CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","member":"{{member}}","at":{{at}},"kind":"{{kind}}",{{fields}}}""");
        Send(topics.Names[(int)topic], new Message<byte[], byte[]> { Key = Encoding.ASCII.GetBytes(member),
            Value = Encoding.ASCII.GetBytes(value) }, due, isEvent: true);
    }

    private void Send(string topic, Message<byte[], byte[]> message, double due, bool isEvent)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, message, report =>
                {
                    if (report.Error.IsError) failure = report.Error.Reason;
                });
                timeline.Sent(due, isEvent, timed: !preparing);
                return;
            }
            catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                Interlocked.Increment(ref refusals);
                Thread.Sleep(5); // the client's own threads send what is queued; the schedule goes on meanwhile
            }
        }
    }
}
