using System.Buffers;
using Streaming.Contract.Records;
using Streaming.Grains.Receiving;
using Streaming.Loadtests.Common.Lives;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>The same events for every run: members' lives, in partitions as a broker would have them, in memory.</summary>
/// <param name="Partitions">Of each partition its records in order.</param>
/// <param name="Events">All of them.</param>
internal sealed record MemoryInputs(IReadOnlyList<IReadOnlyList<InputRecord>> Partitions, int Events)
{
    /// <summary>Records of one partition that travel together.</summary>
    public const int Batch = 2_000;

    private const int PartitionsOfTopic = 4;

    /// <summary>Makes them.</summary>
    /// <param name="run">Stands in all ids, so that no run repeats another's.</param>
    public static MemoryInputs Make(int events, int members, string run)
    {
        var partitions = Enumerable.Range(0, InputTopics.All.Count * PartitionsOfTopic).Select(_ => new List<InputRecord>()).ToList();
        using var lives = new MemberLives(new LivesOptions(members, 1_000, Seed: 7, Run: run, Exponent: 0));
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - events;
        for (var i = 0; i < events; i++)
        {
            lives.Next(at + i);
            byte[] bytes = [.. lives.Key, .. lives.Value];
            var partition = (int)(StableHash.Of(lives.Key, 1) % PartitionsOfTopic);
            var list = partitions[((int)lives.Topic * PartitionsOfTopic) + partition];
            list.Add(new InputRecord(lives.Topic, partition, list.Count, at + i, bytes, 0, lives.Key.Length, lives.Key.Length,
                bytes.Length - lives.Key.Length, bytes.Length, 0));
        }

        return new MemoryInputs([.. partitions.Where(p => p.Count > 0)], events);
    }

    /// <summary>Records as a part for one silo.</summary>
    public static PartitionPart Part(IEnumerable<InputRecord> records, long generation)
    {
        var to = new ArrayBufferWriter<byte>();
        var (count, topic, partition) = (0, Topic.Clicks, 0);
        foreach (var record in records)
        {
            PartRecords.Write(to, record);
            (count, topic, partition) = (count + 1, record.Topic, record.Partition);
        }

        return new PartitionPart(topic.ToString(), topic, partition, generation, count, to.WrittenSpan.ToArray());
    }
}
