using System.Globalization;
using Streaming.Engine.Batches;
using Streaming.Members.Events;
using Streaming.Pipeline.Tests.Contract.Decoding;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Batches for a shard by itself.</summary>
internal static class ShardBatches
{
    /// <summary>Fills a batch with one click each of members that no batch of another number has.</summary>
    /// <param name="batch">What it held is gone.</param>
    /// <param name="number">The commit it will be.</param>
    /// <param name="members">How many.</param>
    /// <param name="wallClock">The machine's time.</param>
    /// <param name="padding">Bytes read beside the records'.</param>
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
