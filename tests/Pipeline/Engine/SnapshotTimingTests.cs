using Streaming.Engine.Batches;
using Streaming.Engine.Shards;
using Streaming.Members.Rules;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>When a changed member is written: after a time, and after so many bytes read, whichever
/// comes first; what was applied again after a start at once.</summary>
public sealed class SnapshotTimingTests : IDisposable
{
    private const int PerBatch = 100;
    private readonly TemporaryDirectory folder = new();
    private readonly DataDirectory directory;
    private readonly SqliteStore store;
    private readonly Batch batch = new(1) { Rules = new RuleSet() };

    public SnapshotTimingTests()
    {
        directory = DataDirectory.Open(folder.Path);
        store = SqliteStore.Open(directory);
    }

    [Fact]
    public void A_changed_member_is_written_after_the_snapshot_age()
    {
        using var shard = ShardBatches.Shard(store, new ShardSettings { Shards = 1, FewDirty = 0, SnapshotAge = TimeSpan.FromSeconds(1) });
        Assert.Equal((0, PerBatch), Apply(shard, 1, 50_000));
        Assert.Equal((0, 2 * PerBatch), Apply(shard, 2, 50_999));
        Assert.Equal((PerBatch, 2 * PerBatch), Apply(shard, 3, 51_000));
        Assert.Equal((2 * PerBatch, PerBatch), Apply(shard, 4, 52_000));
    }

    [Fact]
    public void Changed_members_are_written_after_so_many_bytes_of_records()
    {
        using var shard = ShardBatches.Shard(store, new ShardSettings { Shards = 1, FewDirty = 0, SnapshotMiB = 1 });
        Assert.Equal((0, PerBatch), Apply(shard, 1, 50_000, padding: 1 << 19));
        Assert.Equal((0, 2 * PerBatch), Apply(shard, 2, 50_000, padding: 1 << 19));
        for (var n = 3; n < 8; n++) Assert.Equal((PerBatch, 2 * PerBatch), Apply(shard, n, 50_000, padding: 1 << 19));
    }

    [Fact]
    public void Snapshot_bytes_are_at_most_a_quarter_of_the_spool_limit()
    {
        var settings = new ShardSettings { SnapshotMiB = 100 };
        Assert.Equal(100L << 20, settings.EffectiveSnapshotBytes(400L << 20));
        Assert.Equal(16L << 20, settings.EffectiveSnapshotBytes(64L << 20));
    }

    [Fact]
    public void Members_of_repeated_commits_are_written_right_after_recovery()
    {
        using var shard = ShardBatches.Shard(store, new ShardSettings { Shards = 1, FewDirty = 0 });
        Assert.Equal((0, PerBatch), Apply(shard, 1, 60_000, recovering: true));
        Assert.Equal((0, 2 * PerBatch), Apply(shard, 2, 60_000, recovering: true));
        Assert.Equal((2 * PerBatch, PerBatch), Apply(shard, 3, 60_001));
    }

    public void Dispose()
    {
        store.Dispose();
        directory.Dispose();
        folder.Dispose();
    }

    /// <summary>A batch of other members than those before.</summary>
    /// <returns>How many snapshots it took, and how many members remain changed.</returns>
    private (int Snapshots, int Dirty) Apply(Shard shard, int number, long wallClock, bool recovering = false, int padding = 0)
    {
        ShardBatches.Fill(batch, number, PerBatch, wallClock, padding);
        batch.Recovering = recovering;
        shard.Post(batch);
        batch.WaitForShards();
        var result = batch.Results[0];
        Assert.Null(result.Fault);
        return (result.Snapshots.Count, result.Counts.Members.Dirty);
    }
}
