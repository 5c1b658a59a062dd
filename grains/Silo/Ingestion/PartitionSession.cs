using Confluent.Kafka;
using Streaming.Engine.Turns;
using Streaming.Grains.Storage;
using Streaming.Kafka.Reading;
using Streaming.Members.Events;

namespace Streaming.Silo.Ingestion;

/// <summary>One partition under one assignment, from its start to its end. One batch is
/// on its way at most; the next is filled meanwhile.</summary>
/// <remarks>Whoever uses it holds the consumer's lock.</remarks>
internal sealed class PartitionSession(TopicPartition partition, Topic topic, string topicId, long generation, long start)
{
    private readonly PartitionState acknowledged = new(partition.Topic, partition.Partition.Value, topicId, start);
    private PartitionBatch? filling;
    private PartitionProgress reported;
    private long read = start;

    public TopicPartition Partition { get; } = partition;

    public Topic Topic { get; } = topic;

    public string TopicId { get; } = topicId;

    public long Generation { get; } = generation;

    /// <summary>The batch on its way, or null.</summary>
    public PartitionBatch? Underway { get; private set; }

    /// <summary>True once it is over: nothing of it leaves any more, and what comes back counts no more.</summary>
    public bool Over { get; private set; }

    /// <summary>True while the client is told not to fetch.</summary>
    public bool Paused { get; set; }

    /// <summary>Everything before this offset is durable.</summary>
    public long Next => acknowledged.Next;

    /// <summary>Takes a record in; false when the batch being filled is full with it.</summary>
    public bool Add(ConsumeResult<byte[]?, byte[]?> result, int bucket, IngestionSettings limits, PoisonLog poison)
    {
        if (result.Offset.Value < read) return true;
        read = result.Offset.Value + 1;
        filling ??= new PartitionBatch(this, poison);
        filling.Add(result, bucket);
        return !Full(limits);
    }

    /// <summary>True when there is no room for another record.</summary>
    public bool Full(IngestionSettings limits) => filling is { } f && (f.Count >= limits.BatchRecords || f.Bytes >= limits.BatchBytes);

    /// <summary>The end of the partition has been read: control records before it take offsets too.</summary>
    public void ReachedEnd(long offset)
    {
        read = Math.Max(read, offset);
        Rest();
    }

    /// <summary>The next batch when one may leave, else null.</summary>
    public PartitionBatch? Take()
    {
        if (Over || Underway is not null || filling is null) return null;
        (Underway, filling) = (filling, null);
        return Underway;
    }

    /// <summary>The batch on its way is durable.</summary>
    public void Landed()
    {
        acknowledged.Reached(Underway!.Next);
        Underway = null;
        Rest();
    }

    /// <summary>It is over: what was read and did not land is read again under another assignment.</summary>
    public void End()
    {
        Over = true;
        Underway = filling = null;
    }

    /// <summary>The partition's progress; false when it equals the last one reported.</summary>
    public bool TryReport(EndOffsets? ends, out PartitionProgress progress)
    {
        if (ends is not null && ends.Offsets.TryGetValue((Partition.Topic, Partition.Partition.Value), out var end))
            acknowledged.Ends(ends.AskedAt, end);
        progress = new PartitionProgress(TopicId, Partition.Partition.Value, Generation, Next, acknowledged.Proven);
        return !Over && progress != reported;
    }

    /// <summary>Notes the progress that the database has recorded.</summary>
    public void Reported(PartitionProgress progress) => reported = progress;

    private void Rest()
    {
        if (Underway is null && filling is null) acknowledged.Reached(read);
    }
}
