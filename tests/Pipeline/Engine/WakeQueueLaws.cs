using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;
using Streaming.Pipeline.Tests.Contract.Decoding;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Members of the real core with a tiny cache, pages of two wakes and snapshots
/// that become durable late: no wake is ever late.</summary>
public sealed class WakeQueueLaws
{
    private const long Hour = 3_600_000;
    private static readonly RuleSet Rules = RulesLoader.Load("{}").Rules!;

    private enum Act
    {
        Event,
        Purchase,
        Snapshot,
        Durable,
        Prove,
    }

    [Fact]
    public void Every_member_due_by_a_proven_time_is_woken()
    {
        var acts = from act in Gen.Frequency((4, Gen.Constant(Act.Event)), (2, Gen.Constant(Act.Purchase)), (4, Gen.Constant(Act.Snapshot)),
            (3, Gen.Constant(Act.Durable)), (3, Gen.Constant(Act.Prove)))
                   from who in Gen.Choose(1, 6)
                   from hours in Gen.Frequency((3, Gen.Choose(0, 2)), (3, Gen.Choose(3, 72)), (1, Gen.Choose(72, 40 * 24)))
                   select (act, (byte)who, hours);
        Prop.ForAll(Gen.ListOf(acts).Resize(300).ToArbitrary(), all =>
        {
            using var store = new MemorySnapshotStore();
            new Run(store).Holds(all);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    /// <summary>What a shard does, without its thread.</summary>
    private sealed class Run
    {
        private readonly MemorySnapshotStore store;
        private readonly EventDecoder decoder = new();
        private readonly MemberEvent e = new();
        private readonly EffectBuffer effects = new();
        private readonly SnapshotWriter writer = new();
        private readonly Dictionary<byte, long> due = [];
        private readonly MemberCache cache;
        private readonly WakeQueue wakes;
        private long commit;
        private long now = Records.Timestamp;

        public Run(MemorySnapshotStore store)
        {
            this.store = store;
            cache = new MemberCache(3, store);
            wakes = new WakeQueue(store, cache, new MemberShare(0, 1), page: 2);
        }

        public void Holds(IEnumerable<(Act Act, byte Who, int Hours)> acts)
        {
            foreach (var (act, who, hours) in acts)
            {
                commit++;
                switch (act)
                {
                    case Act.Event:
                        Apply(who, Topic.Clicks, "\"kind\":\"view\"");
                        break;
                    case Act.Purchase:
                        Apply(who, Topic.Purchases, $"\"kind\":\"paid\",\"order\":\"o{commit}\",\"amount\":\"1\",\"currency\":\"EUR\"");
                        break;
                    case Act.Snapshot when cache.FirstDirty is { } dirty:
                        Snapshot(dirty);
                        break;
                    case Act.Durable:
                        store.Commit(commit);
                        break;
                    case Act.Prove:
                        now += hours * Hour;
                        Fire();
                        var late = due.Where(d => d.Value <= now).Select(d => d.Key).ToList();
                        Assert.True(late.Count == 0, $"members {string.Join(", ", late)} were due and are asleep");
                        Assert.True(wakes.Next > now, "the next look is in the past");
                        break;
                }
            }
        }

        private void Apply(byte who, Topic topic, string what)
        {
            var json = string.Create(CultureInfo.InvariantCulture,
                $$"""{"id":"e{{commit}}","member":"{{(char)('a' + who)}}","at":{{now}},{{what}}}""");
            Assert.Equal(RejectReason.None, decoder.Decode(Records.Of(topic, $"{(char)('a' + who)}", json) with { Timestamp = now }, e));
            var member = cache.Get(e.Member.Span, store.Durable);
            MemberCore.Apply(member.State, e, now, Rules, effects);
            Changed(member);
        }

        private void Fire()
        {
            while (wakes.TryTake(now, out var id))
            {
                var member = cache.Get(id, store.Durable);
                if (member.State.Due > now)
                {
                    if (wakes.Outdated(member)) cache.MarkDirty(member, commit, now, 0);
                    wakes.Schedule(member);
                    continue;
                }

                MemberCore.Wake(member.State, now, now, Rules, effects);
                Changed(member);
            }
        }

        private void Changed(CachedMember member)
        {
            effects.Clear();
            cache.MarkDirty(member, commit, now, 0);
            wakes.Schedule(member);
            due[member.State.Id.Span[0]] = member.State.Due;
        }

        private void Snapshot(CachedMember dirty)
        {
            writer.Clear();
            dirty.State.Write(writer);
            var standing = wakes.Standing(dirty);
            var wake = standing ? dirty.StoredWake : dirty.State.Due;
            store.Write(new SnapshotRow(dirty.State.Id.Span.ToArray(), commit, wake, Rules.Hash, writer.Written.ToArray(), standing));
            cache.MarkClean(dirty, commit, wake);
        }
    }
}
