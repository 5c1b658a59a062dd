using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Streaming.App.Broker;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Grains.Tests.Cluster;
using Streaming.Grains.Tests.Storage;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.Silo.Ingestion;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Ingestion;

/// <summary>Silos that read a broker as one consumer group, a producer, and the checks at the end: every record is applied once and every
/// position is at its partition's end.</summary>
public sealed class IngestionFixture : IAsyncDisposable
{
    public const int Partitions = 3;

    private readonly EmbeddedKafka kafka;
    private readonly OpenedStore store;
    private readonly IProducer<string, string> producer;
    private readonly ConcurrentDictionary<string, int> effects = new(StringComparer.Ordinal);
    private int produced, bad;

    private IngestionFixture(EmbeddedKafka kafka, OpenedStore store)
    {
        (this.kafka, this.store) = (kafka, store);
        Landings = new Landings(Sent);
        producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, LingerMs = 1 })
            .Build();
    }

    public TestSilos Silos { get; private set; } = null!;

    public Landings Landings { get; }

    /// <summary>Effects that became durable, and how often each.</summary>
    public IReadOnlyDictionary<string, int> Effects => effects;

    /// <param name="more">What else each silo has.</param>
    public static async Task<IngestionFixture> StartAsync(KafkaKind kind, int silos, OpenedStore store, Action<ISiloBuilder>? more = null)
    {
        var kafka = await EmbeddedKafka.StartAsync(kind, [.. InputTopics.All.Select(t => new TopicSpec(InputTopics.Name(t), Partitions))]);
        var rig = new IngestionFixture(kafka, store);
        rig.Silos = await TestSilos.StartAsync(silos, "{}", store, rig.Landings, silo =>
        {
            if (kind == KafkaKind.Mock)
            {
                silo.Services.AddSingleton<ITopicIdentity>(new BrokerLogIdentity(_ => Task.FromResult("one life")));
            }
            silo.Services.AddIngestion(new KafkaSettings { Bootstrap = kafka.BootstrapServers, Group = "silos" },
                new IngestionSettings { BatchRecords = 50 }, new InputTopics(""));
            more?.Invoke(silo);
        });
        rig.Silos.Clock.Now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return rig;
    }

    /// <summary>Sends events of forty members to all topics, some of them no events at all, and waits until the broker has them.</summary>
    public async Task ProduceAsync(int count)
    {
        var sent = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var number = Interlocked.Increment(ref produced);
            var member = $"m{number % 40}";
            if (number % 25 == 0)
            {
                Interlocked.Increment(ref bad);
                sent.Add(producer.ProduceAsync("clicks", new Message<string, string> { Key = member, Value = "{ no event" }));
                continue;
            }

            var (topic, value) = Event(number, member);
            sent.Add(producer.ProduceAsync(topic, new Message<string, string> { Key = member, Value = value }));
        }

        await Task.WhenAll(sent);
    }

    /// <summary>Sends a record with these headers to each topic; it is to become a dead letter.</summary>
    public async Task ProduceRefusedAsync(string header, byte[] headerValue)
    {
        foreach (var topic in InputTopics.All)
        {
            Interlocked.Increment(ref produced);
            Interlocked.Increment(ref bad);
            await producer.ProduceAsync(InputTopics.Name(topic), new Message<string, string> { Key = "m1", Value = "{}",
                Headers = [new Header(header, headerValue)] });
        }
    }

    /// <summary>Waits until everything produced is durable, each event once and nothing besides.</summary>
    public async Task AllLandedAsync()
    {
        await SoonAsync(() => Landings.Applied + Landings.Rejected + Landings.Duplicates >= produced);
        Assert.Equal((produced - bad, bad, 0L), ((int)Landings.Applied, (int)Landings.Rejected, Landings.Duplicates));
        Assert.All(effects, e => Assert.Equal(1, e.Value));
        var ids = Enumerable.Range(0, 40).Select(m => System.Text.Encoding.UTF8.GetBytes($"m{m}")).ToList();
        var members = await store.Store.ReadAsync(ids, CancellationToken.None);
        Assert.Equal(produced - bad, members.Sum(Events));
    }

    /// <summary>Up to when every partition is proven.</summary>
    public Task<long> ProvenAsync() =>
        store.Store.ProvenAsync(Silos.ServiceOf<KafkaInputPartitions>(Silos.Alive[0].SiloAddress).Now.All, CancellationToken.None);

    /// <summary>A service of the ingestion of each living silo.</summary>
    public IEnumerable<IngestionStatus> Statuses => Silos.Alive.Select(s => Silos.ServiceOf<IngestionStatus>(s.SiloAddress));

    /// <summary>Waits until the silos share all partitions among them.</summary>
    public Task AssignedAsync(int silos) =>
        SoonAsync(() => Statuses.Count(s => s.Partitions > 0) == silos
            && Statuses.Sum(s => s.Partitions) == InputTopics.All.Count * Partitions);

    private async Task SoonAsync(Func<bool> question)
    {
        try
        {
            await Until.TrueAsync(() => Task.FromResult(question()), TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException e)
        {
            var silos = Statuses.Select(s => $"{s.Partitions} partitions, lag {s.Lag}, {s.Batches} batches of {s.Records} records, " +
                $"{s.Failures} failures, {s.Restarts} restarts, {s.LastError}");
            throw new TimeoutException($"{produced} produced, {Landings.Applied} applied, {Landings.Rejected} rejected, " +
                $"{Landings.Duplicates} duplicates; {string.Join(" | ", silos)}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Silos.DisposeAsync();
        producer.Dispose();
        await kafka.DisposeAsync();
    }

    private static int Events(Streaming.Grains.Storage.MemberRecord record) => (int)StoredMembers.Read(record).Events;

    private static (string Topic, string Value) Event(int number, string member)
    {
        var json = new JsonObject { ["id"] = $"e{number}", ["member"] = member, ["at"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
        switch (number % 3)
        {
            case 0:
                json["kind"] = "paid";
                json["order"] = $"o{number}";
                json["amount"] = (number % 90).ToString(CultureInfo.InvariantCulture);
                json["currency"] = "EUR";
                return ("purchases", json.ToJsonString());
            case 1:
                json["kind"] = "view";
                return ("clicks", json.ToJsonString());
            default:
                json["kind"] = "message";
                json["room"] = "tea";
                json["text"] = "…";
                return ("chats", json.ToJsonString());
        }
    }

    private void Sent(OutputTopic topic, byte[] value)
    {
        if (topic == OutputTopic.DeadLetters) return;
        effects.AddOrUpdate(JsonNode.Parse(value)!["id"]!.GetValue<string>(), 1, (_, n) => n + 1);
    }
}
