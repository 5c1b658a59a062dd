namespace Streaming.Kafka.Reading;

/// <summary>How far one partition has been read, and up to which moment it is proven to be read. Written by one thread at a time.</summary>
/// <remarks>
/// The law: silence is proven up to a moment when every record is read that the partition held at that moment, as the broker said when it
/// was asked then. A record's own timestamp proves nothing: a producer sets it, and records that were there before may lie unread behind
/// it. Proof never goes back. Two ends are remembered, the one that is being read towards and the newest, so that a partition that always
/// has unread records is still proven, up to the moment its reading lags behind.
/// </remarks>
public sealed class PartitionState(string topic, int partition, string topicId, long next)
{
    private const long None = long.MaxValue;
    private long toward = None, towardAskedAt, newest = None, newestAskedAt;

    public string Topic { get; } = topic;

    public int Partition { get; } = partition;

    /// <summary>Incarnation of the topic the offsets belong to.</summary>
    public string TopicId { get; } = topicId;

    /// <summary>The offset to be read next; moves over control records too.</summary>
    public long Next { get; private set; } = next;

    /// <summary>True when <see cref="Next"/> moved since it was last put into a commit.</summary>
    public bool Moved { get; set; } = true;

    /// <summary>Read past this moment, epoch milliseconds.</summary>
    public long Proven { get; private set; } = long.MinValue;

    /// <summary>A record has been read.</summary>
    public void Took(long offset) => Reached(offset + 1);

    /// <summary>Everything before this offset has been read; control records have offsets
    /// too, so the end may lie behind the last record.</summary>
    public void Reached(long end)
    {
        if (end <= Next) return;
        Next = end;
        Moved = true;
        if (end >= toward) Prove();
    }

    /// <summary>The broker said where the partition ends.</summary>
    /// <param name="askedAt">Just before it was asked, epoch milliseconds.</param>
    /// <param name="end">The end (high watermark: also above records of open transactions).</param>
    public void Ends(long askedAt, long end)
    {
        if (Next >= end) Proven = Math.Max(Proven, askedAt);
        else if (toward == None) (toward, towardAskedAt) = (end, askedAt);
        else if (askedAt > towardAskedAt) (newest, newestAskedAt) = (end, askedAt);
    }

    private void Prove()
    {
        while (Next >= toward)
        {
            Proven = Math.Max(Proven, towardAskedAt);
            (toward, towardAskedAt) = (newest, newestAskedAt);
            newest = None;
        }
    }
}

/// <summary>Where each partition ended when the broker was asked.</summary>
/// <param name="AskedAt">Just before the question was sent, epoch milliseconds.</param>
/// <param name="Offsets">The end by topic and partition.</param>
public sealed record EndOffsets(long AskedAt, IReadOnlyDictionary<(string Topic, int Partition), long> Offsets);
