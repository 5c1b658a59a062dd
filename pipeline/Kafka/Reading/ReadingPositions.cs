using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Batches;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;

namespace Streaming.Kafka.Reading;

/// <summary>How far every partition has been read, and from where it is read when its log is a new one or no longer holds the
/// position.</summary>
/// <remarks>Written by the intake's thread alone. Records that are gone at a position are counted and logged.</remarks>
internal sealed class ReadingPositions(StoreHead head, SourceStatus status, ILogger log)
{
    private readonly Dictionary<(string Topic, int Partition), PartitionState> partitions = [];
    private readonly List<string> renewed = [];
    private readonly Dictionary<(string Topic, int Partition), PartitionPosition> stored =
        head.Positions.ToDictionary(p => (p.Topic, p.Partition));

    /// <summary>Topic and number of every partition being read.</summary>
    public IReadOnlyList<(string Topic, int Partition)> Names => [.. partitions.Keys];

    /// <summary>One of them, or null when it is not read from here.</summary>
    public PartitionState? Find(string topic, int partition) => partitions.GetValueOrDefault((topic, partition));

    /// <summary>True when each of these partitions has been read to its given end.</summary>
    public bool HasRead(IReadOnlyDictionary<(string Topic, int Partition), long> ends) =>
        ends.All(end => partitions.TryGetValue(end.Key, out var state) && state.Next >= end.Value);

    /// <summary>Read past this moment in every partition, epoch milliseconds.</summary>
    public long Proven => partitions.Count == 0 ? long.MinValue : partitions.Values.Min(p => p.Proven);

    /// <summary>The broker said which partitions there are and where they end. False when one
    /// of them is not being read: then it proves nothing.</summary>
    public bool Ends(EndOffsets ends)
    {
        if (!ends.Offsets.Keys.All(partitions.ContainsKey)) return false;
        foreach (var (at, end) in ends.Offsets) partitions[at].Ends(ends.AskedAt, end);
        return true;
    }

    /// <summary>How much waits in the broker; partitions not fetched from yet do not count.</summary>
    /// <param name="end">The end of a partition that the last fetch told, or <see cref="Offset.Unset"/>.</param>
    public long Lag(Func<TopicPartition, Offset> end)
    {
        var lag = 0L;
        foreach (var p in partitions.Values)
        {
            var high = end(new TopicPartition(p.Topic, p.Partition));
            if (high != Offset.Unset) lag += Math.Max(0, high.Value - p.Next);
        }

        return lag;
    }

    /// <summary>Puts the partitions that moved into the batch.</summary>
    public void Report(Batch batch)
    {
        foreach (var p in partitions.Values)
        {
            if (!p.Moved) continue;
            p.Moved = false;
            batch.Positions.Add(new PartitionPosition(p.Topic, p.Partition, p.TopicId, p.Next));
        }
    }

    /// <summary>Compares the position with the log the broker has now. Gives where the client is
    /// to read from; null when it may go on where it is.</summary>
    /// <param name="now">The partition's log.</param>
    /// <param name="lost">True when the client's position differs from ours.</param>
    public TopicPartitionOffset? Check(in PartitionLog now, bool lost)
    {
        var (topic, number) = (now.At.Topic, now.At.Partition.Value);
        partitions.TryGetValue((topic, number), out var reading);
        var known = reading is { } r ? new PartitionPosition(topic, number, r.TopicId, r.Next)
            : stored.TryGetValue((topic, number), out var s) ? s : default(PartitionPosition?);
        var next = known is { } k && k.TopicId == now.TopicId ? k.Next : 0;
        if (known is { } old && old.TopicId != now.TopicId)
        {
            if (now.Low > 0) Expired(topic, number, now.Low);
            if (number == 0) renewed.Add(topic);
        }

        var first = Math.Max(next, now.Low);
        if (known is { } same && same.TopicId == now.TopicId && next < now.Low)
        {
            Expired(topic, number, now.Low - next);
        }
        if (next > now.High)
        {
            status.Gone += next - now.High;
            log.RecordsLost(next - now.High, topic, number);
            first = now.High;
        }

        if (reading is not null && reading.TopicId == now.TopicId && reading.Next == first && !lost) return null;
        partitions[(topic, number)] = new PartitionState(topic, number, now.TopicId, first);
        return new TopicPartitionOffset(now.At, first);
    }

    /// <summary>Says which topics turned out to be new logs since it was called last: in one line, because a broker that lost its data lost
    /// all topics.</summary>
    public void LogRenewed()
    {
        if (renewed.Count == 0) return;
        log.LogsRenewed(string.Join(", ", renewed));
        renewed.Clear();
    }

    private void Expired(string topic, int partition, long count)
    {
        status.Gone += count;
        log.RecordsExpired(count, topic, partition);
    }
}
