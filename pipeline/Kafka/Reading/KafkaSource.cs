using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Engine.Turns;
using Streaming.Kafka.Client;
using Streaming.Members.Events;

namespace Streaming.Kafka.Reading;

/// <summary>Reads all partitions of the input topics itself, from the store's positions: no consumer group decides anything.</summary>
/// <remarks>
/// Delivery: each record once per position. Ordering: per partition. Batching: whatever is waiting, up to the commit's limits. Failure:
/// <see cref="PartitionWatch"/> says what may be taken.
/// </remarks>
public sealed class KafkaSource : IDisposable
{
    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly ConsumerQueue queue;
    private readonly PartitionWatch watch;
    private readonly CommitSettings limits;
    private readonly PoisonLog poison;
    private readonly Lock reading = new();
    private bool disposed;

    /// <summary>A source that has read nothing yet.</summary>
    /// <param name="settings">Where the broker is.</param>
    /// <param name="watch">Says what is read and from where; disposed of with this.</param>
    /// <param name="limits">How much a batch may hold.</param>
    /// <param name="log">Gets what the client says, and what the program fails on.</param>
    public KafkaSource(KafkaSettings settings, PartitionWatch watch, CommitSettings limits, ILogger log)
    {
        this.watch = watch;
        this.limits = limits;
        poison = new PoisonLog(log);
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings.Consumer())
            .SetErrorHandler((_, e) => watch.Trouble(e))
            .SetLogHandler(ClientLog.To(log))
            .Build();
        queue = new ConsumerQueue(consumer);
    }

    /// <summary>How the source is.</summary>
    public SourceStatus Status => watch.Status;

    /// <inheritdoc cref="PartitionWatch.Proven"/>
    public long Proven => watch.Proven;

    /// <inheritdoc cref="PartitionWatch.AskEnds"/>
    public void AskEnds() => watch.AskEnds();

    /// <summary>Adds what is waiting to the batch, up to its limits; waits for the first record at most <paramref name="wait"/>.</summary>
    public void Read(Batch batch, TimeSpan wait, CancellationToken stop)
    {
        using var held = Enter();
        watch.Look(consumer, stop);
        while (!watch.Suspect && !stop.IsCancellationRequested && Room(batch) is > 0 and var room)
        {
            var taken = queue.Take(room, batch.Records.Count == 0 ? wait : TimeSpan.Zero);
            if (taken == 0)
            {
                watch.Listen();
                return;
            }

            watch.Heard();
            if (watch.Suspect) PutBack(0, taken);
            else if (Take(batch, taken)) wait = TimeSpan.Zero;
            queue.Release();
        }
    }

    /// <inheritdoc cref="ReadingPositions.HasRead"/>
    public bool HasRead(IReadOnlyDictionary<(string Topic, int Partition), long> ends) => watch.HasRead(ends);

    /// <summary>Puts the partitions that moved into the batch, and measures the lag once a second.</summary>
    public void Report(Batch batch) => watch.Report(batch, consumer);

    /// <summary>Stops fetching for a while; polls on, so that the connection stays alive.</summary>
    public void Hold(TimeSpan time)
    {
        using var held = Enter();
        var assigned = consumer.Assignment;
        consumer.Pause(assigned);
        try
        {
            PutBack(0, queue.Take(1, time));
            queue.Release();
        }
        finally
        {
            consumer.Resume(assigned);
        }

        watch.ListenUnread();
    }

    /// <summary>Waits for whoever is reading: librdkafka's memory must not be freed while it is read. Reading afterwards throws.</summary>
    public void Dispose()
    {
        lock (reading)
        {
            if (disposed) return;
            disposed = true;
            queue.Dispose();
            consumer.Close();
            consumer.Dispose();
        }

        watch.Dispose();
    }

    private Lock.Scope Enter()
    {
        var held = reading.EnterScope();
        if (!disposed) return held;
        held.Dispose();
        throw new ObjectDisposedException(nameof(KafkaSource));
    }

    /// <summary>How many records may be taken next, if each had the largest size.</summary>
    private int Room(Batch batch)
    {
        var bytes = (long)limits.MaxBytes - batch.ArenaUsed;
        return (int)Math.Min(limits.MaxRecords - batch.Records.Count,
            (bytes + EventDecoder.MaxValueBytes - 1) / EventDecoder.MaxValueBytes);
    }

    /// <summary>Copies what the queue gave into the batch; true when the end of a partition was among it.</summary>
    private bool Take(Batch batch, int taken)
    {
        var end = false;
        PartitionState? partition = null;
        var topic = default(Topic);
        for (var i = 0; i < taken; i++)
        {
            ref readonly var record = ref queue[i];
            if (IsError(record))
            {
                PutBack(i, taken);
                break;
            }

            // records come in runs of one partition
            if (i == 0 || record.Topic != queue[i - 1].Topic || record.Partition != queue[i - 1].Partition)
            {
                partition = Find(record);
                if (partition is not null) topic = watch.Topics.Find(partition.Topic);
            }

            if (partition is null) continue;
            watch.Arrived();
            end |= record.Error != 0;
            if (record.Error == 0) Take(batch, i, topic, partition);
            else partition.Reached(record.Offset);
        }

        return end;
    }

    private static bool IsError(in NativeRecord record) => record.Error is not 0 and not (int)ErrorCode.Local_PartitionEOF;

    private PartitionState? Find(in NativeRecord record) =>
        record.Topic == 0 ? null : watch.Find(ConsumerQueue.TopicName(record.Topic), record.Partition);

    private void Take(Batch batch, int index, Topic topic, PartitionState partition)
    {
        ref readonly var record = ref queue[index];
        var timestamp = queue.TimestampOf(index);
        try
        {
            RecordCopy.Into(batch, topic, record, queue.HeadersOf(index), timestamp);
        }
        catch (Exception e) when (PoisonLog.IsPoison(e))
        {
            poison.Record(topic, record.Partition, record.Offset, e);
            RecordCopy.Cut(batch, topic, record, default, timestamp, RejectReason.Internal);
        }

        watch.Took(partition, record.Offset);
    }

    /// <summary>Gives back what was handed out and cannot be taken now.</summary>
    private void PutBack(int from, int taken)
    {
        for (var i = from; i < taken; i++)
        {
            ref readonly var record = ref queue[i];
            watch.PutBack(Find(record),
                IsError(record) ? new Error((ErrorCode)record.Error, Encoding.UTF8.GetString(record.Value)) : null);
        }
    }
}
