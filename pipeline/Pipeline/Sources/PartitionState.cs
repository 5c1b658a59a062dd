namespace Streaming.Pipeline.Sources;

/// <summary>How far one partition has been read. Written by the intake's thread alone.</summary>
internal sealed class PartitionState(string topic, int partition, string topicId, long next)
{
    public string Topic { get; } = topic;

    public int Partition { get; } = partition;

    /// <summary>Incarnation of the topic the offsets belong to.</summary>
    public string TopicId { get; } = topicId;

    /// <summary>The offset to be read next; moves over control records too.</summary>
    public long Next { get; set; } = next;

    /// <summary>The highest record timestamp read, epoch milliseconds.</summary>
    public long HighestTimestamp { get; set; } = long.MinValue;

    /// <summary>True when <see cref="Next"/> moved since it was last put into a commit.</summary>
    public bool Moved { get; set; } = true;

    /// <summary>A record has been read.</summary>
    public void Took(long offset, long timestamp)
    {
        Next = offset + 1;
        Moved = true;
        if (timestamp > HighestTimestamp) HighestTimestamp = timestamp;
    }

    /// <summary>The partition has been read to its end; control records have offsets too, so the end may lie behind the last record.</summary>
    public void Reached(long end)
    {
        Moved |= end > Next;
        Next = Math.Max(Next, end);
    }

    /// <summary>Read past this moment: by a later record, or by having reached an end that was asked for at that moment.</summary>
    public long ProvenAt(EndOffsets? ends) =>
        ends is not null && ends.Offsets.TryGetValue((Topic, Partition), out var end) && Next >= end
            ? Math.Max(HighestTimestamp, ends.AskedAt)
            : HighestTimestamp;
}

/// <summary>Where each partition ended when the broker was asked.</summary>
/// <param name="AskedAt">Just before the question was sent, epoch milliseconds.</param>
/// <param name="Offsets">The end (high watermark: also above records of open transactions) by topic and partition.</param>
internal sealed record EndOffsets(long AskedAt, IReadOnlyDictionary<(string Topic, int Partition), long> Offsets);
