using System.Text.Json.Nodes;
using Confluent.Kafka;
using Streaming.TestKit;

namespace Streaming.Faults.Pipeline;

/// <summary>kill -9 of the whole program while purchases stream in: after a new start every purchase has earned its points once.</summary>
public sealed class KilledProgramTests
{
    private const int Rounds = 20;

    [Theory]
    [MemberData(nameof(KafkaKinds.Embedded), MemberType = typeof(KafkaKinds))]
    public async Task Every_purchase_counts_once_after_the_program_was_killed_while_reading(KafkaKind kind)
    {
        using var files = new TemporaryDirectory();
        var shoppers = new PurchaseProducer(members: 30, purchasesEach: Rounds);
        await using (var first = await RunningPipeline.StartAsync(files.Path, kind))
        {
            await shoppers.SendAsync(first.Kafka, 0, Rounds / 2);
            await shoppers.HavePointsAsync(first, 1);
            var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var sending = shoppers.SendAsync(first.Kafka, Rounds / 2, Rounds, acknowledged =>
            {
                if (acknowledged > shoppers.Events * 2 / 3) third.TrySetResult();
            });
            await Task.WhenAny(third.Task, sending);
            await first.KillAsync();
            await sending;
        }

        // The embedded mock's log dies with the program: its client sends everything again, and repeats are known by their ids.
        if (kind == KafkaKind.Mock) shoppers.ForgetAcknowledgements();
        await using var second = await RunningPipeline.StartAsync(files.Path, kind);
        Assert.True(await shoppers.SendAsync(second.Kafka, 0, Rounds), second.Output);
        await shoppers.CountedOnceAsync(second, Rounds);
        if (kind == KafkaKind.Apache) Assert.Equal(shoppers.Events, Rewards(second.Kafka, shoppers.Events).Count);
        Assert.Equal(0, await second.StopAsync());
        Assert.False(File.Exists(Path.Combine(files.Path, "endpoints.json")));
    }

    /// <summary>The points earned, by id, that a reader from the topic's start finds;
    /// a message sent twice must be the same twice.</summary>
    private static Dictionary<string, string> Rewards(string kafka, int wanted)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = kafka, GroupId = "reader",
            EnablePartitionEof = true, EnableAutoCommit = false })
            .SetLogHandler((_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, 4).Select(p => new TopicPartitionOffset("rewards", p, Offset.Beginning)));
        var rewards = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var ended = 0; ended < 4;)
        {
            var result = consumer.Consume(TimeSpan.FromMinutes(2)) ?? throw new TimeoutException(
                $"{rewards.Count} of {wanted} rewards came.");
            if (result.IsPartitionEOF)
            {
                ended++;
                continue;
            }

            var message = JsonNode.Parse(result.Message.Value)!;
            if (message["kind"]!.GetValue<string>() != "points-earned" || message["rule"]!.GetValue<string>() != "points.purchase")
            {
                continue;
            }
            var id = message["id"]!.GetValue<string>();
            Assert.Equal(rewards.GetValueOrDefault(id, result.Message.Value), result.Message.Value);
            rewards[id] = result.Message.Value;
        }

        return rewards;
    }
}
