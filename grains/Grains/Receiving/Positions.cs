using Streaming.Grains.Storage;

namespace Streaming.Grains.Receiving;

/// <summary>The next offset of each bucket in each partition, as this silo knows it. A record below it was applied before, however long
/// ago.</summary>
/// <remarks>It may be out of date: a commit names the position before it and is refused when the database has another. Used by the
/// receiver's loop alone.</remarks>
internal sealed class Positions(IClusterStore store, int buckets)
{
    private readonly Dictionary<InputPartition, BucketPositions> known = [];

    /// <summary>The positions of a part's partition when they are known under its generation, or a newer one.</summary>
    public BucketPositions? Find(PartitionPart part) =>
        known.TryGetValue(new InputPartition(part.TopicId, part.Partition), out var positions) && positions.Generation >= part.Generation
            ? positions : null;

    /// <summary>Reads them from the database.</summary>
    public async Task LoadAsync(PartitionPart part, CancellationToken cancel)
    {
        var next = new long[buckets];
        foreach (var (bucket, at) in await store.PositionsAsync(part.TopicId, part.Partition, cancel)) next[bucket] = at;
        known[new InputPartition(part.TopicId, part.Partition)] = new BucketPositions(part.TopicId, part.Partition, part.Generation, next);
    }

    /// <summary>Drops all positions; they are read again when they are needed.</summary>
    public void Forget() => known.Clear();
}

/// <summary>The positions of one partition, and those that the current commit group moves.</summary>
internal sealed class BucketPositions(string topicId, int partition, long generation, long[] next)
{
    private readonly List<BucketPosition> moved = [];
    private readonly int[] index = new int[next.Length];

    public long Generation { get; } = generation;

    /// <summary>Takes note of a record; false when it was applied before.</summary>
    public bool Move(int bucket, long offset)
    {
        var at = next[bucket];
        if (offset < at) return false;
        next[bucket] = offset + 1;
        if (index[bucket] == 0)
        {
            moved.Add(new BucketPosition(topicId, partition, bucket, at, offset + 1));
            index[bucket] = moved.Count;
        }
        else
        {
            moved[index[bucket] - 1] = moved[index[bucket] - 1] with { Next = offset + 1 };
        }

        return true;
    }

    /// <summary>Hands over what the group moved, and the assignment it came under.</summary>
    public void Collect(List<BucketPosition> positions, List<Fence> fences)
    {
        foreach (var position in moved) index[position.Bucket] = 0;
        positions.AddRange(moved);
        moved.Clear();
        fences.Add(new Fence(topicId, partition, Generation));
    }
}
