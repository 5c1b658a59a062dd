using Confluent.Kafka;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary>The longest member id there is, of characters that take four bytes each:
/// through the broker, the store, the API and ClickHouse.</summary>
public sealed class LongestIdTests
{
    private static readonly string Longest = string.Concat(Enumerable.Repeat("𝄞", 128));

    [Fact]
    public async Task A_member_id_of_128_characters_survives_a_kill_and_one_of_129_is_a_dead_letter()
    {
        using var files = new TemporaryDirectory();
        await using (var first = await RunningPipeline.StartAsync(files.Path, KafkaKind.Mock))
        {
            await BuyAsync(first.Kafka, Longest + "𝄞");
            await BuyAsync(first.Kafka, Longest);
            await first.UntilAsync(async () => await first.PointsAsync(Uri.EscapeDataString(Longest)) == 10);
            await first.KillAsync();
        }

        await using var second = await RunningPipeline.StartAsync(files.Path, KafkaKind.Mock);
        Assert.Equal(10, await second.PointsAsync(Uri.EscapeDataString(Longest)));
        await second.UntilAsync(async () => await second.AskAsync("SELECT sum(points), uniqExact(member) FROM rewards WHERE rule = " +
            "'points.purchase'") == "10\t1");
        await second.UntilAsync(async () =>
            await second.AskAsync("SELECT sum(records) FROM rejects WHERE reason = 'member-too-long'") == "1");
        Assert.Equal(0, await second.StopAsync());
    }

    private static async Task BuyAsync(string kafka, string member)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = kafka, Acks = Acks.All })
            .SetLogHandler((_, _) => { }).Build();
        await producer.ProduceAsync(new TopicPartition("purchases", 0), new Message<string, string>
        {
            Key = member,
            Value = $$"""{"id":"1","member":"{{member}}","at":{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}},"kind":"paid","order":"1","amount":"10.00","currency":"EUR"}""",
        });
    }
}
