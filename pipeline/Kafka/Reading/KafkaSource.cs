using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Engine.Turns;
using Streaming.Kafka.Client;
using Streaming.Members.Events;

namespace Streaming.Kafka.Reading;

/// <summary>Reads all partitions of the input topics itself, from the store's positions: no consumer group decides anything.</summary>
/// <remarks>
/// Delivery: each record once per position; positions belong to a topic's incarnation, checked at the start, after every connection
/// trouble and once a minute. Ordering: per partition. Batching: whatever is waiting, up to the commit's limits. Failure: a broker that is
/// away is waited for; an offset that is out of range under the same incarnation is an alarm with the count of what is gone.
/// </remarks>
public sealed class KafkaSource : IDisposable
{
    private static readonly TimeSpan VerifyEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(1);
    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly ConsumerQueue queue;
    private readonly IAdminClient admin;
    private readonly ITopicIdentity identity;
    private readonly InputTopics topics;
    private readonly TopicLogs logs;
    private readonly BrokerPartitions partitions;
    private readonly BlockedPartitions blocked;
    private readonly ReadingPositions positions;
    private readonly EndOffsetProbe probe;
    private readonly BrokerSilence silence;
    private readonly CommitSettings limits;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly PoisonLog poison;
    // the client is not where we are in them: they are assigned anew from our own position
    private readonly HashSet<TopicPartition> stopped = [];
    private readonly Lock reading = new();
    private bool disposed;
    private volatile bool suspect = true;
    private long verifiedAt, measuredAt, askedAt;
    private EndOffsets? learned;

    public KafkaSource(KafkaSettings settings, InputTopics topics, ITopicIdentity identity, StoreHead head, CommitSettings limits,
        TimeProvider clock, ILogger log)
    {
        this.identity = identity;
        this.topics = topics;
        this.limits = limits;
        this.clock = clock;
        this.log = log;
        poison = new PoisonLog(log);
        blocked = new BlockedPartitions(Status, clock, log);
        positions = new ReadingPositions(head, Status, log);
        admin = new AdminClientBuilder(settings.Admin()).SetLogHandler(ClientLog.To(log)).Build();
        probe = new EndOffsetProbe(admin, clock, log);
        partitions = new BrokerPartitions(admin, topics.Names);
        silence = new BrokerSilence(probe, AskEnds, clock);
        logs = new TopicLogs(topics, identity, partitions, probe);
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings.Consumer())
            .SetErrorHandler((_, e) => Trouble(e))
            .SetLogHandler(ClientLog.To(log))
            .Build();
        queue = new ConsumerQueue(consumer);
        identity.Changed += Invalidate;
    }

    /// <summary>How the source is.</summary>
    public SourceStatus Status { get; } = new();

    /// <summary>Read past this moment in every partition the broker has, epoch milliseconds.</summary>
    public long Proven
    {
        get
        {
            Learn();
            return positions.Proven;
        }
    }

    /// <summary>Asks the broker which partitions there are and where they end now.</summary>
    public void AskEnds()
    {
        askedAt = clock.GetTimestamp();
        probe.Ask(partitions.AskAsync);
    }

    /// <summary>Adds what is waiting to the batch, up to its limits; waits for the first record at most <paramref name="wait"/>.</summary>
    public void Read(Batch batch, TimeSpan wait, CancellationToken stop)
    {
        using var held = Enter();
        if (clock.GetElapsedTime(askedAt) > LookEvery) AskEnds();
        Learn();
        if (blocked.Due) suspect = true;
        if (suspect || clock.GetElapsedTime(verifiedAt) > VerifyEvery) Verify(stop);
        while (!suspect && !stop.IsCancellationRequested && Room(batch) is > 0 and var room)
        {
            var taken = queue.Take(room, batch.Records.Count == 0 ? wait : TimeSpan.Zero);
            if (taken == 0)
            {
                Listen();
                return;
            }

            silence.Heard();
            if (suspect) PutBack(0, taken);
            else if (Take(batch, taken)) wait = TimeSpan.Zero;
            queue.Release();
        }
    }

    /// <inheritdoc cref="ReadingPositions.HasRead"/>
    public bool HasRead(IReadOnlyDictionary<(string Topic, int Partition), long> ends) => positions.HasRead(ends);

    /// <summary>Puts the partitions that moved into the batch.</summary>
    public void Report(Batch batch)
    {
        positions.Report(batch);
        if (clock.GetElapsedTime(measuredAt) <= MeasureEvery) return;
        measuredAt = clock.GetTimestamp();
        Status.Lag = positions.Lag(at => consumer.GetWatermarkOffsets(at).High);
    }

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

        // nothing is read meanwhile that would show whether the broker is there; whose topics these are now is asked before the next record
        // is taken
        Listen();
        if (silence.HasAnsweredSince(Status.AwaySince)) Status.AwaySince = 0;
    }

    /// <summary>Waits for whoever is reading: librdkafka's memory must not go while it is read. Reading afterwards throws.</summary>
    public void Dispose()
    {
        identity.Changed -= Invalidate;
        lock (reading)
        {
            if (disposed) return;
            disposed = true;
            queue.Dispose();
            consumer.Close();
            consumer.Dispose();
        }

        admin.Dispose();
    }

    /// <summary>Takes up what the broker said last. A partition that is not being read yet is assigned at once.</summary>
    private void Learn()
    {
        if (probe.Latest is not { } ends || ReferenceEquals(ends, learned)) return;
        learned = ends;
        if (!topics.Names.All(t => ends.Offsets.ContainsKey((t, 0)))) return; // while a topic is missing nothing is proven
        if (!positions.Ends(ends)) suspect = true;
    }

    private Lock.Scope Enter()
    {
        var held = reading.EnterScope();
        if (!disposed) return held;
        held.Dispose();
        throw new ObjectDisposedException(nameof(KafkaSource));
    }

    /// <summary>How many records may come next: few when they might be too many bytes, were each of the largest size.</summary>
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
                if (partition is not null) topic = topics.Find(partition.Topic);
            }

            if (partition is null) continue;
            if (Status.AwaySince != 0) Status.AwaySince = 0;
            end |= record.Error != 0;
            if (record.Error == 0) Take(batch, i, topic, partition);
            else partition.Reached(record.Offset);
        }

        return end;
    }

    private static bool IsError(in NativeRecord record) => record.Error is not 0 and not (int)ErrorCode.Local_PartitionEOF;

    private PartitionState? Find(in NativeRecord record) =>
        record.Topic == 0 ? null : positions.Find(ConsumerQueue.TopicName(record.Topic), record.Partition);

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

        partition.Took(record.Offset);
        blocked.Read(partition);
    }

    /// <summary>
    /// What was handed out and cannot be taken now is read again: the client believes it is done with it, so the partition is assigned anew
    /// from our own position. After an error on a partition (its offset is out of range, say) the client fetches it no more, even if the
    /// offset is in range by now; so it is assigned anew too.
    /// </summary>
    private void PutBack(int from, int taken)
    {
        for (var i = from; i < taken; i++)
        {
            if (Find(queue[i]) is { } partition) stopped.Add(new TopicPartition(partition.Topic, partition.Partition));
            if (IsError(queue[i]) && BlockedPartitions.IsAboutBytes((ErrorCode)queue[i].Error) && Find(queue[i]) is { } damaged)
                blocked.Failed(new TopicPartition(damaged.Topic, damaged.Partition), damaged.Next, Encoding.UTF8.GetString(queue[i].Value));
            else if (IsError(queue[i])) Trouble(new Error((ErrorCode)queue[i].Error, Encoding.UTF8.GetString(queue[i].Value)));
            suspect = true;
        }
    }

    private void Invalidate()
    {
        suspect = true;
        Away("the log it was reading is gone");
    }

    private void Trouble(Error error)
    {
        Status.LastError = error.Reason;
        suspect = true;
        if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport) Away(error.Reason);
    }

    private void Listen()
    {
        if (silence.Listen() is not (not 0 and var since)) return;
        suspect = true;
        Away("the broker does not answer", since);
    }

    private void Away(string reason) => Away(reason, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Nothing can be read since then; said once, until something can be again.</summary>
    private void Away(string reason, long since)
    {
        Status.LastError = reason;
        if (Status.AwaySince != 0) return;
        Status.AwaySince = since;
        log.InputsAway(reason);
    }

    /// <summary>Asks who the topics are now and (re)assigns what is new, anew, or out of range.
    /// Leaves the source suspect when the broker is away.</summary>
    private void Verify(CancellationToken stop)
    {
        suspect = false;
        try
        {
            if (logs.Ask(stop) is { } now) Assign(now);
            else suspect = true;
        }
        catch (KafkaException e)
        {
            suspect = true;
            Away(e.Error.Reason);
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(250));
        }
        catch (OperationCanceledException)
        {
            suspect = true;
            if (!stop.IsCancellationRequested) Away("the broker does not say which topics it has");
        }
    }

    private void Assign(IReadOnlyList<PartitionLog> all)
    {
        var assign = new List<TopicPartitionOffset>();
        foreach (var one in all)
        {
            if (blocked.Waits(one.At)) continue;
            if (positions.Check(one, stopped.Contains(one.At)) is { } from) assign.Add(from);
        }

        positions.SayRenewed();
        if (assign.Count > 0)
        {
            probe.Forget();
            consumer.IncrementalUnassign(assign.Select(a => a.TopicPartition).Where(consumer.Assignment.Contains).ToList());
            consumer.IncrementalAssign(assign);
        }

        // what waits is fetched no more meanwhile: the client would report it over and over
        stopped.RemoveWhere(at => !blocked.Waits(at));
        consumer.IncrementalUnassign(stopped.Where(consumer.Assignment.Contains).ToList());
        verifiedAt = clock.GetTimestamp();
        silence.Heard();
        Status.AwaySince = 0;
    }
}
