using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Members.Snapshots;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>After a change of rules every member is settled once, both those in the store and those only in memory.</summary>
public sealed class SettleSweepTests
{
    [Fact]
    public void The_settle_sweep_settles_stored_and_cached_members()
    {
        var before = RulesLoader.Load("{}").Rules!;
        var after = RulesLoader.Load("{churn: {hiatusDays: 25}}").Rules!;
        using var store = new MemorySnapshotStore();
        var cache = new MemberCache(2_000, store);
        for (var n = 0; n < 1_200; n++)
        {
            byte[] id = [(byte)'m', (byte)(n / 256), (byte)n];
            var member = cache.Get(id, store.Durable);
            member.State.RulesVersion = before.Hash;
            cache.MarkDirty(member, 1, 1, 0);
            if (n % 2 == 0) continue; // the others' first snapshot is still to come
            var writer = new SnapshotWriter();
            member.State.Write(writer);
            store.Write(new SnapshotRow(id, 1, member.State.Due, before.Hash, writer.Written.ToArray()));
            cache.MarkClean(member, 1, member.State.Due);
        }

        store.Commit(1);
        var sweep = new SettleSweep(store, cache, new MemberShare(0, 1));
        var settled = new List<string>();
        for (var batches = 0; sweep.Running; batches++)
        {
            Assert.True(batches < 20, "the sweep does not end");
            sweep.Run(new Batch(1) { Rules = after }, id =>
            {
                var member = cache.Get(id, store.Durable);
                if (member.State.RulesVersion == after.Hash) return; // as a shard does
                member.State.RulesVersion = after.Hash;
                settled.Add(Convert.ToHexString(id));
            });
        }

        Assert.Equal(1_200, settled.Count);
        Assert.Equal(1_200, settled.Distinct().Count());
    }

    [Fact]
    public void The_settle_sweep_reads_a_settled_store_page_by_page()
    {
        var rules = RulesLoader.Load("{}").Rules!;
        using var store = new MemorySnapshotStore();
        for (var n = 0; n < 12_000; n++)
        {
            store.Write(new SnapshotRow(new[] { (byte)'m', (byte)(n / 256), (byte)n }, 1, 0, n == 11_999 ? 1 : rules.Hash, default));
        }
        store.Commit(1);
        var sweep = new SettleSweep(store, new MemberCache(2_000, store), new MemberShare(0, 1));
        var settled = new List<byte[]>();
        var batches = 0;
        for (; sweep.Running; batches++) sweep.Run(new Batch(1) { Rules = rules }, settled.Add);
        Assert.Equal(11_999 % 256, Assert.Single(settled)[2]);
        Assert.Equal(3, batches);
    }
}
