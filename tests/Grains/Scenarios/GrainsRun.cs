using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contract.Messages;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Cluster;
using Streaming.Grains.Tests.Storage;
using Streaming.Grains.Wakes;
using Streaming.Members.Events;
using Streaming.TestKit;
using Streaming.TestKit.Scenarios;

namespace Streaming.Grains.Tests.Scenarios;

/// <summary>Runs steps through silos, as ingestion would bring them: parts under an assignment,
/// read again under a higher one when they did not land.</summary>
public sealed class GrainsRun
{
    private readonly ConcurrentDictionary<string, JsonObject> effects = new(StringComparer.Ordinal);
    private readonly SignalLog signals = new();
    private readonly Dictionary<Topic, Assignment> assigned = [];
    private readonly HashSet<string> members = new(StringComparer.Ordinal);
    private TestSilos silos = null!;
    private int nextSignal;

    /// <summary>Runs the steps to their end and collects what they left.</summary>
    /// <param name="killAt">The step during which the silo dies that it goes to; −1 for none.</param>
    public static async Task<Outcome> RunAsync(IReadOnlyList<Step> steps, string rules, OpenedStore store, int silos, int killAt = -1)
    {
        var run = new GrainsRun();
        await using var cluster = run.silos = await TestSilos.StartAsync(silos, rules, store, new Landings(run.Sent));
        for (var i = 0; i < steps.Count; i++) await run.StepAsync(steps[i], i, dies: i == killAt);
        return await run.OutcomeAsync();
    }

    private async Task StepAsync(Step step, int number, bool dies)
    {
        silos.Clock.Now = step.Now;
        if (step.ChangesRules)
        {
            silos.Rules.Change(step.Value);
            await LookAsync();
        }
        else if (step.ReadsSignals)
        {
            signals.Publish();
            for (; nextSignal < signals.Records.Count; nextSignal++)
            {
                await DeliverAsync(Topic.Signals, nextSignal, signals.Records[nextSignal].Key, signals.Records[nextSignal].Value, false);
            }
        }
        else if (step.Topic is { } topic)
        {
            members.Add(step.Key);
            await DeliverAsync(topic, number, Encoding.UTF8.GetBytes(step.Key), Encoding.UTF8.GetBytes(step.Value), dies);
        }
        else
        {
            await ProveAsync(step.Proven);
            await LookAsync();
        }
    }

    private async Task DeliverAsync(Topic topic, long offset, byte[] key, byte[] value, bool dies)
    {
        await Until.TrueAsync(async () =>
        {
            if (!assigned.TryGetValue(topic, out var under))
            {
                assigned[topic] = under = await silos.Store.AssignAsync(topic.ToString(), 0, topic.ToString(), CancellationToken.None);
            }
            var owner = silos.Map.Current.Owner(silos.Map.BucketOf(key))!;
            var delivery = TryAsync(owner, Part(topic, under.Generation, offset, key, value));
            if (dies)
            {
                dies = false;
                await silos.KillAsync(owner);
            }

            if (await delivery == ReceiverAnswer.Landed) return true;
            assigned.Remove(topic); // the session is over: assigned and read again
            return false;
        });
    }

    private async Task<ReceiverAnswer> TryAsync(SiloAddress owner, PartitionPart part)
    {
        try
        {
            return await silos.Service<IReceivers>().DeliverAsync(owner, part);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return ReceiverAnswer.Failed;
        }
    }

    private async Task ProveAsync(long proven)
    {
        foreach (var topic in Enum.GetValues<Topic>())
        {
            if (!assigned.TryGetValue(topic, out var under))
            {
                assigned[topic] = under = await silos.Store.AssignAsync(topic.ToString(), 0, topic.ToString(), CancellationToken.None);
            }
            await silos.Store.ProgressAsync([new PartitionProgress(topic.ToString(), 0, under.Generation, under.Next, proven)],
                CancellationToken.None);
        }

        foreach (var silo in silos.Alive) await Until.TrueAsync(async () => await Proof(silo.SiloAddress).ProvenAsync() >= proven);
    }

    private Proof Proof(SiloAddress silo) => silos.ServiceOf<Proof>(silo);

    /// <summary>Every bucket looks until the database knows of nothing left to do; one
    /// that stands elsewhere for a moment is asked again.</summary>
    private async Task LookAsync()
    {
        var grains = silos.Service<IGrainFactory>();
        var proven = await silos.Store.ProvenAsync(silos.All, CancellationToken.None);
        for (var bucket = 0; bucket < TestSilos.Buckets; bucket++)
        {
            await Until.TrueAsync(async () =>
            {
                await grains.GetGrain<IBucketGrain>(bucket).LookAsync();
                var due = await silos.Store.DueAsync(bucket, proven, 1, CancellationToken.None);
                var unsettled = await silos.Store.NotSettledUnderAsync(bucket, silos.Rules.Current.Hash, [], 1, CancellationToken.None);
                return due.Count == 0 && unsettled.Count == 0;
            });
        }
    }

    private async Task<Outcome> OutcomeAsync()
    {
        var ids = members.Concat(signals.Members).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).ToList();
        var stored = await silos.Store.ReadAsync(ids, CancellationToken.None);
        return new Outcome(effects, stored.ToDictionary(s => Encoding.UTF8.GetString(s.Id), s => s.State, StringComparer.Ordinal));
    }

    private void Sent(OutputTopic topic, byte[] value)
    {
        if (topic == OutputTopic.DeadLetters) return;
        var message = JsonNode.Parse(value)!.AsObject();
        if (!effects.TryAdd(message["id"]!.GetValue<string>(), message))
        {
            throw new InvalidOperationException($"An effect was committed twice: {message.ToJsonString()}");
        }
        if (topic == OutputTopic.Signals) signals.Sent(message, value);
    }

    private PartitionPart Part(Topic topic, long generation, long offset, byte[] key, byte[] value) =>
        Parts.Of(topic.ToString(), topic, generation, silos.Clock.Now, [(offset, key, value)]);
}
