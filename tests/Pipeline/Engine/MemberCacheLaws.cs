using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Batches;
using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Members;
using Streaming.Members.Snapshots;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>A small cache, many members, snapshots that become durable late: nobody's
/// state is ever lost, and memory stays bounded.</summary>
public sealed class MemberCacheLaws
{
    private const int Capacity = 4;

    private enum Act
    {
        Look,
        Change,
        Snapshot,
        Durable,
    }

    [Fact]
    public void A_member_always_has_its_newest_state()
    {
        var acts = from act in Gen.Frequency((2, Gen.Constant(Act.Look)), (5, Gen.Constant(Act.Change)), (3, Gen.Constant(Act.Snapshot)),
            (2, Gen.Constant(Act.Durable)))
                   from who in Gen.Choose(1, 12)
                   select (act, (byte)who);
        Prop.ForAll(Gen.ListOf(acts).Resize(200).ToArbitrary(), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static void Holds(IEnumerable<(Act Act, byte Who)> acts)
    {
        using var store = new MemorySnapshotStore();
        var cache = new MemberCache(Capacity, store);
        var writer = new SnapshotWriter();
        var events = new Dictionary<byte, long>();
        var needed = new Dictionary<byte, long>(); // by member, the commit its newest state is in; until that is durable it must stay
        var commit = 0L;
        foreach (var (act, who) in acts)
        {
            commit++;
            cache.Expect([new Routed(0, StableHash.Of([who]))]); // changes nothing
            var loads = act is Act.Look or Act.Change && cache.Peek([who]) is null;
            var mustStay = needed.Count(n => n.Value > store.Durable);
            switch (act)
            {
                case Act.Look:
                    Assert.Equal(events.GetValueOrDefault(who), cache.Get([who], store.Durable).State.Events);
                    break;
                case Act.Change:
                    var member = cache.Get([who], store.Durable);
                    Assert.Equal(events.GetValueOrDefault(who), member.State.Events);
                    events[who] = ++member.State.Events;
                    cache.MarkDirty(member, commit, commit, 0);
                    needed[who] = long.MaxValue;
                    break;
                case Act.Snapshot when cache.FirstDirty is { } dirty:
                    writer.Clear();
                    dirty.State.Write(writer);
                    store.Write(new SnapshotRow(dirty.State.Id.Span.ToArray(), commit, dirty.State.Due, 1, writer.Written.ToArray()));
                    cache.MarkClean(dirty, commit, dirty.State.Due);
                    needed[dirty.State.Id.Span[0]] = commit;
                    break;
                case Act.Durable:
                    store.Commit(commit);
                    break;
            }

            Assert.Equal(needed.Count(n => n.Value == long.MaxValue), cache.Dirty);
            Assert.Equal(cache.Count, cache.All.Count);
            foreach (var (id, last) in needed)
            {
                Assert.True(last <= store.Durable || cache.Peek([id]) is not null,
                    $"member {id} was let go before its snapshot was durable");
            }
            if (loads)
            {
                Assert.True(cache.Count <= Math.Max(Capacity, mustStay + 1), $"{cache.Count} members in memory, {mustStay} of them " +
                    $"had to stay");
            }
        }
    }
}
