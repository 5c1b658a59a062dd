using Streaming.ClickHouse.Client;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Shards;
using Streaming.Loadtests.Common.Lives;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Not parallel with other tests: the allocation of a shard is measured for the whole process.</summary>
[CollectionDefinition(nameof(AllocationGuard), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// Managed bytes per event of each stage, against what was recorded when the stage was last worked on. They do not depend on how fast
/// or busy the machine is; times do, and are measured by <c>loadtests/Ladder</c> instead.
/// </summary>
[Collection(nameof(AllocationGuard))]
public sealed class AllocationGuard
{
    private const long Start = 1_772_323_200_000; // 2026-03-01T00:00:00Z
    private const int Events = 40_000;
    private const long Step = 7 * 86_400_000L / Events;
    private const int Warm = 20_000;
    private const int BatchSize = 2_000;

    // Bytes per event. More than a tenth above fails: something allocates that did not. More than a fifth below fails too: record the
    // new value, so that the gain is kept.
    private const double Apply = 42.5; // duplicate windows, lots, orders and lists that grow with a member, each a few times in its life
    private const double ShardBytes = 57.9; // what Apply allocates, then the ids of members scheduled

    private readonly RuleSet rules = new();

    [Fact]
    public void Apply_allocates_what_was_recorded()
    {
        var records = Lives();
        var decoder = new EventDecoder();
        var e = new MemberEvent();
        var effects = new EffectBuffer();
        var members = new Dictionary<string, Member>(StringComparer.Ordinal);
        var allocated = 0L;
        for (var i = 0; i < Events; i++)
        {
            decoder.Decode(records[i], e);
            var id = e.Member.ToString();
            if (!members.TryGetValue(id, out var member))
            {
                members[id] = member = new Member();
                member.Reset(e.Member.Span);
                MemberCore.Settle(member, rules, rules, e.At, effects);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            var verdict = MemberCore.Apply(member, e, e.At, rules, effects);
            if (i >= Warm) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(Verdict.Applied, verdict);
            effects.Clear();
        }

        Compare(nameof(Apply), Apply, allocated);
    }

    [Fact]
    public void A_shard_pass_allocates_what_was_recorded()
    {
        var records = Lives();
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        using var store = SqliteStore.Open(directory);
        using var shard = ShardBatches.Shard(store, new ShardSettings { Shards = 1 });
        var batch = new Batch(1) { Rules = rules };
        var allocated = 0L;
        for (var from = 0; from < Events; from += BatchSize)
        {
            Fill(batch, records.AsSpan(from, BatchSize), 1 + (from / BatchSize));
            var before = GC.GetTotalAllocatedBytes(precise: true);
            shard.Post(batch);
            batch.WaitForShards();
            if (from >= Warm) allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
            Assert.Null(batch.Results[0].Fault);
            Assert.Equal(BatchSize, batch.Results[0].Counts.Applied.Sum());
        }

        Compare(nameof(ShardBytes), ShardBytes, allocated);
    }

    private static void Fill(Batch batch, ReadOnlySpan<InputRecord> records, long number)
    {
        batch.Clear();
        foreach (var r in records)
        {
            r.Key.CopyTo(batch.Reserve(r.KeyLength, out var key));
            r.Value.CopyTo(batch.Reserve(r.ValueLength, out var value));
            batch.Add(r.Topic, r.Partition, r.Offset, r.Timestamp, (key, r.KeyLength), (value, r.ValueLength), (0, 0));
        }

        // the members' clock and the machine's are the data's: wakes fire and snapshots are taken when they are due, the same in every run
        batch.Number = number;
        batch.WallClock = records[^1].Timestamp;
        batch.Segments.Add(new Segment(records.Length, batch.WallClock, batch.WallClock));
        batch.Route();
    }

    private static void Compare(string stage, double recorded, long allocated)
    {
        var found = allocated / (double)(Events - Warm);
        var sentence = $"{stage} allocates {found:0.0} bytes per event, recorded are {recorded:0.0}";
        Assert.True(found <= (recorded * 1.1) + 0.5, $"{sentence}: find what allocates, or record the new value with the reason.");
        Assert.True(found >= (recorded * 0.8) - 0.5, $"{sentence}: record the new value, so that the gain is kept.");
    }

    /// <summary>Records of a week of 1,000 members, made by the generator of the ladder.</summary>
    private static InputRecord[] Lives()
    {
        using var lives = new MemberLives(new LivesOptions(Members: 1_000, Sessions: 4, Seed: 1));
        var records = new InputRecord[Events];
        for (var i = 0; i < Events; i++)
        {
            var at = Start + (i * Step);
            lives.Next(at);
            byte[] bytes = [.. lives.Key, .. lives.Value];
            records[i] = new InputRecord(lives.Topic, 0, i, at, bytes, 0, lives.Key.Length, lives.Key.Length, lives.Value.Length, 0, 0);
        }

        return records;
    }
}
