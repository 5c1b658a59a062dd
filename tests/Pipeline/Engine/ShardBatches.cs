using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Rules;
using Streaming.Engine.Shards;
using Streaming.Engine.Storing;
using Streaming.Engine.Turns;
using Streaming.Members.Events;
using Streaming.Pipeline.Tests.Contract.Decoding;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Makes batches for tests of a single shard.</summary>
internal static class ShardBatches
{
    /// <summary>The only shard of a store.</summary>
    /// <param name="store">Has its members.</param>
    /// <param name="settings">Memory and snapshots.</param>
    /// <param name="durable">How far snapshots are in the store; null: as it is opened.</param>
    public static Shard Shard(IStore store, ShardSettings settings, DurableCommits? durable = null)
    {
        durable ??= new DurableCommits(0);
        var members = new ShardMembers(new MemberShare(0, 1), store, durable, settings, settings.EffectiveSnapshotBytes(8L << 30));
        var history = new CommitHistory(store, new RulesBook(store.Facts, "{}"), durable);
        var output = new ShardOutput(new RowCollector(new byte[32]), outside: true);
        var applier = new BatchApplier(members, history, output, new PoisonLog(NullLogger.Instance), settings.WakesPerSegment);
        return new Shard(applier, settings.Mailbox);
    }

    /// <summary>Fills a batch with one click each of members that no batch of another number has.</summary>
    /// <param name="batch">What it held is gone.</param>
    /// <param name="number">The commit it will be.</param>
    /// <param name="members">How many.</param>
    /// <param name="wallClock">The machine's time.</param>
    /// <param name="padding">Bytes added to the batch's buffer, so that it counts as larger.</param>
    public static void Fill(Batch batch, int number, int members, long wallClock, int padding = 0)
    {
        batch.Clear();
        batch.Reserve(padding, out _);
        for (var i = 0; i < members; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"m{(number * members) + i}");
            var record = Records.Of(Topic.Clicks, id, $$"""{"id":"e1","member":"{{id}}","at":{{Records.Timestamp}},"kind":"view"}""");
            record.Key.CopyTo(batch.Reserve(record.KeyLength, out var key));
            record.Value.CopyTo(batch.Reserve(record.ValueLength, out var value));
            batch.Add(record.Topic, record.Partition, record.Offset, record.Timestamp, (key, record.KeyLength), (value, record.ValueLength),
                (0, 0));
        }

        batch.Number = number;
        batch.WallClock = wallClock;
        batch.Segments.Add(new Segment(members, Records.Timestamp, Records.Timestamp));
        batch.Route();
    }
}
