using Streaming.Engine.Batches;
using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Members.Rules;
using Streaming.Pipeline.Tests.Contract.Decoding;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>More members change than the cache holds, faster than snapshots are due: memory stays bounded all the same.</summary>
public sealed class ShardMemoryTests
{
    private const int Cache = 1_000;
    private const int PerBatch = 1_500;

    [Fact]
    public void At_most_half_the_cache_holds_members_that_wait_for_a_snapshot()
    {
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        using var store = SqliteStore.Open(directory);
        var rules = new RuleSet();
        var durable = new DurableCommits(0);
        var settings = new ShardSettings { Shards = 1, CachedMembers = Cache, SnapshotsPerBatch = 10, FewDirty = 0 };
        using var shard = ShardBatches.Shard(store, settings, durable);
        var batch = new Batch(1) { Rules = rules };
        var snapshots = 0;
        for (var n = 1; n <= 6; n++)
        {
            ShardBatches.Fill(batch, n, PerBatch, Records.Timestamp);
            shard.Post(batch);
            batch.WaitForShards();
            var result = batch.Results[0];
            Assert.Null(result.Fault);
            Assert.Equal(PerBatch, result.Counts.Applied.Sum());
            Assert.InRange(result.Counts.Members.Dirty, 1, Cache / 2);
            Assert.InRange(result.Counts.Members.Cached, 1, Cache + PerBatch);
            snapshots += result.Snapshots.Count;
            store.WriteSnapshots(result.Snapshots, default);
            durable.Reached(n);
        }

        Assert.InRange(snapshots, (6 * PerBatch) - (Cache / 2), 6 * PerBatch);
    }
}
