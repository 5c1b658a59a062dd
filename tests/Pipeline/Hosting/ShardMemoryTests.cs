using System.Globalization;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Store;
using Streaming.Pipeline.Tests.Decode;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Hosting;

/// <summary>More members change than the cache holds, faster than snapshots are due: memory stays bounded all the same.</summary>
public sealed class ShardMemoryTests
{
    private const int Cache = 1_000;
    private const int PerBatch = 1_500;

    [Fact]
    public void Changed_members_wait_for_their_snapshots_in_half_the_cache_at_most()
    {
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        using var store = SqliteStore.Open(directory);
        var rules = new RuleSet();
        var durable = 0L;
        var settings = new ShardSettings { Shards = 1, CachedMembers = Cache, SnapshotsPerBatch = 10, FewDirty = 0 };
        using var shard = new Shard(0, 1, settings, new RulesBook(store.Facts, "{}"), store, () => Interlocked.Read(ref durable), new ShardOutput(new RowCollector(new byte[32]), outside: true));
        var batch = new Batch(1) { Rules = rules };
        var snapshots = 0;
        for (var n = 1; n <= 6; n++)
        {
            Fill(batch, n);
            shard.Post(batch);
            batch.WaitForShards();
            var part = batch.Parts[0];
            Assert.Null(part.Fault);
            Assert.Equal(PerBatch, part.Counts.Applied.Sum());
            Assert.InRange(part.Counts.Members.Dirty, 1, Cache / 2);
            Assert.InRange(part.Counts.Members.Cached, 1, Cache + PerBatch);
            snapshots += part.Snapshots.Count;
            store.WriteSnapshots(part.Snapshots, default);
            Interlocked.Exchange(ref durable, n);
        }

        Assert.InRange(snapshots, (6 * PerBatch) - (Cache / 2), 6 * PerBatch);
    }

    private static void Fill(Batch batch, int number)
    {
        batch.Clear();
        for (var i = 0; i < PerBatch; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"m{(number * PerBatch) + i}");
            var record = Records.Of(Topic.Clicks, id, $$"""{"id":"e1","member":"{{id}}","at":{{Records.Timestamp}},"kind":"view"}""");
            record.Key.CopyTo(batch.Reserve(record.KeyLength, out var key));
            record.Value.CopyTo(batch.Reserve(record.ValueLength, out var value));
            batch.Add(record.Topic, record.Partition, record.Offset, record.Timestamp, (key, record.KeyLength), (value, record.ValueLength), (0, 0));
        }

        batch.Number = number;
        batch.WallClock = Records.Timestamp;
        batch.Segments.Add(new Segment(PerBatch, Records.Timestamp, Records.Timestamp));
        batch.Route();
    }
}
