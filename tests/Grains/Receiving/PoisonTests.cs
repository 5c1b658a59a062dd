using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contract.Messages;
using Streaming.Grains.Actors;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Cluster;
using Streaming.Grains.Tests.Storage;
using Streaming.Grains.Wakes;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Rewards.Achievements;
using Streaming.Members.Rules;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Receiving;

/// <summary>A record or member that makes the program fail does not stop a silo: a record becomes
/// a dead letter, a member that is due is put aside.</summary>
public sealed class PoisonTests
{
    private const long Joined = 1_800_000_000_000; // 15 January 2027, 08:00
    private const long Day = 86_400_000;
    private readonly Lock gate = new();
    private readonly List<string> letters = [], actions = [];
    private long next;

    [Fact]
    public async Task A_record_the_program_fails_on_is_a_dead_letter_whose_refusals_of_consent_hold()
    {
        var memory = new MemoryClusterStore(TestSilos.Buckets, TimeProvider.System);
        var landings = new Landings(Sent);
        await using var silos = await TestSilos.StartAsync(1, "{}", new OpenedStore(memory, memory.Outboxes), landings);
        silos.Clock.Now = Joined;
        FailOn(silos.Rules.Current, EventKind.Adjust);
        await DeliverAsync(silos, Topic.Members,
            ("m", """{"id":"1","member":"m","at":1800000000000,"kind":"joined","consent":{"email":true}}"""),
            ("m", """{"id":"2","member":"m","at":1800000000000,"kind":"adjust","points":7,"reason":"x","approver":"a","consent":{"sms":false}}"""),
            ("other", """{"id":"3","member":"other","at":1800000000000,"kind":"joined"}"""),
            ("m", """{"id":"4","member":"m","at":1800000000000,"kind":"adjust","points":7,"reason":"x","approver":"a"}"""),
            ("m", """{"id":"5","member":"m","at":1800000000000,"kind":"updated"}"""));
        Assert.Equal(["2", "4"], letters);
        Assert.Equal((4L, 2L, 0L), (landings.Applied, landings.Rejected, landings.Duplicates)); // the refusal is an event of its own
        var member = await ReadAsync(memory, "m");
        Assert.Equal((3, 0, true, false), (member.Events, member.Points.Balance, member.Profile.Consent.To("email"u8),
            member.Profile.Consent.To("sms"u8)));
        Assert.Equal(1, (await ReadAsync(memory, "other")).Events);
    }

    [Fact]
    public async Task A_member_whose_wake_fails_is_put_aside_until_other_rules_and_its_events_are_applied()
    {
        var memory = new MemoryClusterStore(TestSilos.Buckets, TimeProvider.System);
        await using var silos = await TestSilos.StartAsync(1, "{}", new OpenedStore(memory, memory.Outboxes), new Landings(Sent));
        silos.Clock.Now = Joined;
        Plant(silos.Rules.Current.Care, "ChannelNames", null); // the core fails where a greeting looks for a channel
        await DeliverAsync(silos, Topic.Members,
            ("due", """{"id":"1","member":"due","at":1800000000000,"kind":"joined","birthday":"1990-02-24"}"""),
            ("other", """{"id":"1","member":"other","at":1800000000000,"kind":"joined"}"""));
        silos.Clock.Now = Joined + (40 * Day) + (3 * Day / 24);
        await ProveAsync(silos);
        await LookAsync(silos);
        Assert.Equal(1, silos.Service<Aside>().Count);
        await DeliverAsync(silos, Topic.Members,
            ("due", """{"id":"2","member":"due","at":1800000000001,"kind":"updated"}"""),
                ("other", """{"id":"2","member":"other","at":1800000000001,"kind":"updated"}"""));
        Assert.Equal((2, 2), ((await ReadAsync(memory, "due")).Events, (await ReadAsync(memory, "other")).Events));
        Assert.Empty(actions);

        silos.Rules.Change("{care: {weeklyCap: 4}}");
        await LookAsync(silos);
        Assert.Equal(["due"], actions);
        Assert.Empty(letters);
    }

    [Fact]
    public async Task A_member_whose_settle_fails_is_put_aside_and_the_others_are_settled()
    {
        var memory = new MemoryClusterStore(TestSilos.Buckets, TimeProvider.System);
        await using var silos = await TestSilos.StartAsync(1, "{}", new OpenedStore(memory, memory.Outboxes), new Landings(Sent));
        silos.Clock.Now = Joined;
        await DeliverAsync(silos, Topic.Members,
            ("born", """{"id":"1","member":"born","at":1800000000000,"kind":"joined","birthday":"1990-02-24"}"""),
            ("other", """{"id":"1","member":"other","at":1800000000000,"kind":"joined"}"""));
        silos.Rules.Change("{care: {birthdayAt: '11:00'}}");
        Plant(silos.Rules.Current, nameof(RuleSet.Care), null); // the core fails where a birthday is planned anew
        await LookAsync(silos);
        Assert.Equal(silos.Rules.Current.Hash, (await ReadAsync(memory, "other")).RulesVersion);
        Assert.NotEqual(silos.Rules.Current.Hash, (await ReadAsync(memory, "born")).RulesVersion);
        Assert.Equal(1, silos.Service<Aside>().Count);
        await DeliverAsync(silos, Topic.Members, ("born", """{"id":"2","member":"born","at":1800000000001,"kind":"updated"}"""));
        Assert.Equal(["2"], letters); // an event needs the rules in force too

        silos.Rules.Change("{care: {birthdayAt: '12:00'}}");
        await LookAsync(silos);
        Assert.Equal(silos.Rules.Current.Hash, (await ReadAsync(memory, "born")).RulesVersion);
    }

    private static void FailOn(RuleSet rules, EventKind kind)
    {
        var byKind = (BadgeRule[][])typeof(BadgesRules).GetField("byKind",
            BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(rules.Badges)!;
        byKind[(int)kind] = [null!];
    }

    private static void Plant(object into, string property, object? value) =>
        into.GetType().GetField($"<{property}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(into, value);

    private static async Task<Member> ReadAsync(MemoryClusterStore store, string id) =>
        StoredMembers.Read(Assert.Single(await store.ReadAsync([Encoding.UTF8.GetBytes(id)], CancellationToken.None)));

    private static async Task ProveAsync(TestSilos silos)
    {
        foreach (var input in silos.All)
        {
            var under = await silos.Store.AssignAsync(input.TopicId, input.Partition, input.TopicId, CancellationToken.None);
            await silos.Store.ProgressAsync([new PartitionProgress(input.TopicId, input.Partition, under.Generation, under.Next,
                silos.Clock.Now)], CancellationToken.None);
        }

        await Until.TrueAsync(async () => await silos.Service<Proof>().ProvenAsync() >= silos.Clock.Now);
    }

    /// <summary>Every bucket looks twice: for what is due, and for what is under former rules, which may make it due.</summary>
    private static async Task LookAsync(TestSilos silos)
    {
        for (var look = 0; look < 2; look++)
        {
            for (var bucket = 0; bucket < TestSilos.Buckets; bucket++)
            {
                await silos.Service<IGrainFactory>().GetGrain<IBucketGrain>(bucket).LookAsync();
            }
        }
    }

    private async Task DeliverAsync(TestSilos silos, Topic topic, params (string Key, string Value)[] records)
    {
        var under = await silos.Store.AssignAsync(topic.ToString(), 0, topic.ToString(), CancellationToken.None);
        var part = Parts.Of(topic.ToString(), topic, under.Generation, silos.Clock.Now,
            [.. records.Select(r => ((long)next++, Encoding.UTF8.GetBytes(r.Key), Encoding.UTF8.GetBytes(r.Value)))]);
        Assert.Equal(ReceiverAnswer.Landed, await silos.Service<IReceivers>().DeliverAsync(silos.Alive[0].SiloAddress, part));
    }

    private void Sent(OutputTopic topic, byte[] value)
    {
        var message = JsonNode.Parse(value)!;
        lock (gate)
        {
            if (topic == OutputTopic.DeadLetters) letters.Add(message["id"]!.GetValue<string>());
            if (topic == OutputTopic.CareActions && message["kind"]!.GetValue<string>() == "care-action")
            {
                actions.Add(message["member"]!.GetValue<string>());
            }
        }
    }
}
