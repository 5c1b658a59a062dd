using System.Text.Json.Nodes;
using Streaming.Contract.Messages;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Cluster;
using Streaming.Grains.Tests.Storage;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Wakes;

/// <summary>A bucket wakes silent members once their due time is proven, also after a silo or bucket was killed.</summary>
public sealed class BucketTests
{
    private const long Day = 86_400_000;
    private readonly Lock gate = new();
    private readonly List<string> alerts = [];

    [Fact]
    public async Task An_alert_fires_once_after_its_silo_died_and_only_when_it_is_proven()
    {
        var memory = new MemoryClusterStore(TestSilos.Buckets, TimeProvider.System);
        await using var silos = await TestSilos.StartAsync(
            2, "{}", new OpenedStore(memory, memory.Outboxes), new Landings(Sent), settings: s =>
                s.LookEvery = TimeSpan.FromMilliseconds(100));
        silos.Clock.Now = 1_800_000_000_000;
        var under = await memory.AssignAsync("clicks", 0, "Clicks", CancellationToken.None);
        var owner = silos.Map.Current.Owner(silos.Map.BucketOf(Events.KeyOf(0)))!;
        Assert.Equal(ReceiverAnswer.Landed, await silos.Service<IReceivers>()
            .DeliverAsync(owner, Events.Part("Clicks", under.Generation, [0], silos.Clock.Now)));
        await silos.KillAsync(owner);
        silos.Clock.Now += 400 * Day;
        foreach (var input in silos.All.Skip(1)) await ProveAsync(input);
        await Until.TrueAsync(() => Task.FromResult(silos.Map.Current.Silos.Count == 1), TimeSpan.FromMinutes(1));
        Assert.Equal(0, Alerts); // one partition is not read past it yet
        await ProveAsync(silos.All.First());
        await Until.TrueAsync(() => Task.FromResult(Alerts > 0), TimeSpan.FromMinutes(1));
        Assert.Equal(1, Alerts);

        async Task ProveAsync(InputPartition input)
        {
            var assigned = await memory.AssignAsync(input.TopicId, input.Partition, input.TopicId, CancellationToken.None);
            await memory.ProgressAsync([new PartitionProgress(input.TopicId, input.Partition, assigned.Generation, assigned.Next,
                silos.Clock.Now)], CancellationToken.None);
        }
    }

    private int Alerts
    {
        get
        {
            lock (gate) return alerts.Count;
        }
    }

    private void Sent(OutputTopic topic, byte[] value)
    {
        if (topic != OutputTopic.ChurnAlerts) return;
        lock (gate) alerts.Add(JsonNode.Parse(value)!["kind"]!.GetValue<string>());
    }
}
