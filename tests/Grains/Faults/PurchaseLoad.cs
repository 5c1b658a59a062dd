using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Faults;

/// <summary>Purchases of known members, one after another, each counted once it is
/// acknowledged; and what must be found of them afterwards.</summary>
/// <param name="kafka">The broker.</param>
/// <param name="least">How many at least.</param>
public sealed class PurchaseLoad(EmbeddedKafka kafka, int least)
{
    private const int Members = 40, Round = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Purchases that the broker has.</summary>
    public int Sent { get; private set; }

    /// <summary>Sends half of the least number, then calls <paramref name="meanwhile"/> and sends on, a few at a time, until that has
    /// ended; then the other half.</summary>
    public async Task SendAsync(Func<Task> meanwhile)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers,
            EnableIdempotence = true, LingerMs = 100 }).Build();
        await SendAsync(producer, least / 2);
        var running = Task.Run(meanwhile);
        do await SendAsync(producer, Round); while (!running.IsCompleted);
        await running;
        await SendAsync(producer, Math.Max(0, least - Sent));
    }

    private async Task SendAsync(IProducer<string, string> producer, int count)
    {
        await Task.WhenAll(Enumerable.Range(Sent, count).Select(i => producer.ProduceAsync("purchases", new Message<string, string>
        {
            Key = Member(i),
            Value = JsonSerializer.Serialize(new { id = $"p{i}", member = Member(i), at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                kind = "paid", order = $"o{i}", amount = "1.00", currency = "EUR" }),
        })));
        Sent += count;
    }

    /// <summary>Sends one purchase of a member that belongs to a trace.</summary>
    public static async Task SendAsync(EmbeddedKafka kafka, string member, ActivityContext trace)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var json = JsonSerializer.Serialize(new { id = "traced", member, at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            kind = "paid", order = "traced", amount = "1.00", currency = "EUR" });
        await producer.ProduceAsync("purchases", TraceHeader.Message(member, json, trace));
    }

    /// <summary>Sends one record that is no event.</summary>
    public async Task SendBadAsync()
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        await producer.ProduceAsync("purchases", new Message<string, string> { Key = Member(0), Value = "{ no event" });
    }

    /// <summary>Every purchase has changed its member once.</summary>
    public async Task AppliedOnceAsync(SiloProcess silo)
    {
        for (var m = 0; m < Members; m++)
        {
            var wanted = Enumerable.Range(0, Sent).Count(i => Member(i) == Member(m));
            var found = -1;
            await Until.TrueAsync(async () =>
            {
                try
                {
                    return (found = await silo.PaidAsync(Member(m))) >= wanted;
                }
                catch (HttpRequestException)
                {
                    return false; // a member whose silo is gone is answered for once it comes up elsewhere
                }
            }, Patience);
            Assert.Equal(wanted, found);
        }
    }

    /// <summary>Every purchase has earned its points: each reward is there, and one that came twice is the same both times.</summary>
    public async Task RewardedOnceAsync()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.BootstrapServers,
            GroupId = "rewards-check", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false }).Build();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var partitions = admin.GetMetadata("rewards", TimeSpan.FromSeconds(30)).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset("rewards", p, Offset.Beginning)));
        var byId = new Dictionary<string, string>(StringComparer.Ordinal);
        var causes = new Dictionary<string, string>(StringComparer.Ordinal);
        await Until.TrueAsync(() =>
        {
            while (consumer.Consume(TimeSpan.FromMilliseconds(200)) is { } record) Take(Encoding.UTF8.GetString(record.Message.Value));
            return Task.FromResult(causes.Count >= Sent);
        }, Patience);
        Assert.Equal(Enumerable.Range(0, Sent).Select(i => $"purchases/p{i}").Order(StringComparer.Ordinal),
            causes.Keys.Order(StringComparer.Ordinal));

        void Take(string value)
        {
            using var json = JsonDocument.Parse(value);
            var id = json.RootElement.GetProperty("id").GetString()!;
            if (byId.TryGetValue(id, out var before)) Assert.Equal(before, value);
            byId[id] = value;
            if (json.RootElement.GetProperty("kind").GetString() != "points-earned") return;
            var cause = json.RootElement.GetProperty("cause").GetString()!;
            if (causes.TryGetValue(cause, out var under)) Assert.Equal(under, id);
            causes[cause] = id;
        }
    }

    /// <summary>Every purchase stands in ClickHouse once.</summary>
    public async Task CountedOnceAsync(EmbeddedClickHouse clickhouse)
    {
        var found = 0L;
        await Until.TrueAsync(async () => (found = await CountAsync(clickhouse)) >= Sent, Patience);
        Assert.Equal(Sent, found);
    }

    /// <summary>Purchases that stand in ClickHouse.</summary>
    public static async Task<long> CountAsync(EmbeddedClickHouse clickhouse) =>
        long.Parse(await clickhouse.QueryAsync("SELECT sum(events) FROM engagement.activity WHERE kind = 'paid'"),
            CultureInfo.InvariantCulture);

    private static string Member(int i) => $"m{i % Members}";
}
