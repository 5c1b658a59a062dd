using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Streaming.Members.Events;
using Streaming.Pipeline.Decode;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Kafka;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Sources;

/// <summary>Reads all partitions of the input topics itself, from the store's positions: no consumer group decides anything.</summary>
/// <remarks>
/// Delivery: each record once per position; positions belong to a topic's incarnation, checked at the start, after every connection
/// trouble and once a minute. Ordering: per partition. Batching: whatever is waiting, up to the commit's limits. Failure: a broker that is
/// away is waited for; an offset that is out of range under the same incarnation is an alarm with the count of what is gone.
/// </remarks>
internal sealed class KafkaSource : IDisposable
{
    private static readonly TimeSpan VerifyEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly ConsumerQueue queue;
    private readonly IAdminClient admin;
    private readonly ITopicIdentity identity;
    private readonly InputTopics topics;
    private readonly CommitSettings limits;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Dictionary<(string Topic, int Partition), PartitionState> partitions = [];
    private readonly Dictionary<(string Topic, int Partition), PartitionPosition> stored;
    private readonly HashSet<TopicPartition> stopped = []; // the client is not where we are in them: they are assigned anew from our own position
    private readonly Lock reading = new();
    private bool disposed;
    private volatile bool suspect = true;
    private long verifiedAt, measuredAt;

    public KafkaSource(KafkaSettings settings, InputTopics topics, ITopicIdentity identity, StoreHead head, CommitSettings limits, TimeProvider clock, ILogger log)
    {
        this.identity = identity;
        this.topics = topics;
        this.limits = limits;
        this.clock = clock;
        this.log = log;
        stored = head.Positions.ToDictionary(p => (p.Topic, p.Partition));
        admin = new AdminClientBuilder(settings.Admin()).SetLogHandler((_, m) => log.LogDebug("{Message}", m.Message)).Build();
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings.Consumer())
            .SetErrorHandler((_, e) => Trouble(e))
            .SetLogHandler((_, m) => log.LogDebug("{Message}", m.Message))
            .Build();
        queue = new ConsumerQueue(consumer);
        identity.Changed += Invalidate;
        Probe = new EndOffsetProbe(admin, clock, log);
    }

    /// <summary>How the source is.</summary>
    public SourceStatus Status { get; } = new();

    /// <summary>Where the partitions end.</summary>
    public EndOffsetProbe Probe { get; }

    /// <summary>Every assigned partition.</summary>
    public IReadOnlyCollection<PartitionState> Partitions => partitions.Values;

    /// <summary>Read past this moment in every partition, epoch milliseconds.</summary>
    public long Proven => partitions.Count == 0 ? long.MinValue : partitions.Values.Min(p => p.ProvenAt(Probe.Latest));

    /// <summary>Asks the broker where the partitions end now.</summary>
    public void AskEnds() => Probe.Ask([.. partitions.Keys]);

    /// <summary>Adds what is waiting to the batch, up to its limits; waits for the first record at most <paramref name="wait"/>.</summary>
    public void Read(Batch batch, TimeSpan wait, CancellationToken stop)
    {
        using var held = Enter();
        if (suspect || clock.GetElapsedTime(verifiedAt) > VerifyEvery) Verify(stop);
        while (!suspect && !stop.IsCancellationRequested && Room(batch) is > 0 and var room)
        {
            var taken = queue.Take(room, batch.Records.Count == 0 ? wait : TimeSpan.Zero);
            if (taken == 0) return;
            if (suspect) PutBack(0, taken);
            else if (Take(batch, taken)) wait = TimeSpan.Zero;
            queue.Release();
        }
    }

    /// <summary>True when each of these partitions has been read to its given end.</summary>
    public bool HasRead(IReadOnlyDictionary<(string Topic, int Partition), long> ends)
    {
        foreach (var (partition, end) in ends)
        {
            if (!partitions.TryGetValue(partition, out var state) || state.Next < end) return false;
        }

        return true;
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

        if (clock.GetElapsedTime(measuredAt) > MeasureEvery) MeasureLag();
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

    private Lock.Scope Enter()
    {
        var held = reading.EnterScope();
        if (!disposed) return held;
        held.Dispose();
        throw new ObjectDisposedException(nameof(KafkaSource));
    }

    /// <summary>Counts what waits in the broker, by the ends the last fetches told; partitions not fetched from yet do not count.</summary>
    private void MeasureLag()
    {
        measuredAt = clock.GetTimestamp();
        var lag = 0L;
        foreach (var p in partitions.Values)
        {
            var high = consumer.GetWatermarkOffsets(new TopicPartition(p.Topic, p.Partition)).High;
            if (high != Offset.Unset) lag += Math.Max(0, high.Value - p.Next);
        }

        Status.Lag = lag;
    }

    /// <summary>How many records may come next: few when they might be too many bytes, were each of the largest size.</summary>
    private int Room(Batch batch)
    {
        var bytes = (long)limits.MaxBytes - batch.ArenaUsed;
        return (int)Math.Min(limits.MaxRecords - batch.Records.Count, (bytes + EventDecoder.MaxValueBytes - 1) / EventDecoder.MaxValueBytes);
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
            else Reached(partition, record.Offset);
        }

        return end;
    }

    private static bool IsError(in NativeRecord record) => record.Error is not 0 and not (int)ErrorCode.Local_PartitionEOF;

    private PartitionState? Find(in NativeRecord record) =>
        record.Topic == 0 ? null : partitions.GetValueOrDefault((ConsumerQueue.TopicName(record.Topic), record.Partition));

    private void Take(Batch batch, int index, Topic topic, PartitionState partition)
    {
        ref readonly var record = ref queue[index];
        var found = queue.HeadersOf(index);
        var (key, value, headers) = (record.Key.Length, record.Value.Length, found == 0 ? 0 : RecordHeaders.Size(found));
        var span = batch.Reserve(key + value + headers, out var start);
        record.Key.CopyTo(span);
        record.Value.CopyTo(span[key..]);
        if (headers > 0) RecordHeaders.Write(span[(key + value)..], found);
        var timestamp = queue.TimestampOf(index);
        batch.Add(topic, record.Partition, record.Offset, timestamp, (start, record.HasKey ? key : -1), (start + key, record.HasValue ? value : -1), (start + key + value, headers));
        partition.Next = record.Offset + 1;
        partition.Moved = true;
        if (timestamp > partition.HighestTimestamp) partition.HighestTimestamp = timestamp;
    }

    /// <summary>The partition has been read to its end; control records have offsets too, so the end may lie behind the last record.</summary>
    private static void Reached(PartitionState partition, long end)
    {
        partition.Moved |= end > partition.Next;
        partition.Next = Math.Max(partition.Next, end);
    }

    /// <summary>
    /// What was handed out and cannot be taken now is read again: the client believes it is done with it, so the partition is assigned anew from
    /// our own position. After an error on a partition (its offset is out of range, say) the client fetches it no more, even if the offset is in
    /// range by now; so it is assigned anew too.
    /// </summary>
    private void PutBack(int from, int taken)
    {
        for (var i = from; i < taken; i++)
        {
            if (Find(queue[i]) is { } partition) stopped.Add(new TopicPartition(partition.Topic, partition.Partition));
            if (IsError(queue[i])) Trouble(new Error((ErrorCode)queue[i].Error, Encoding.UTF8.GetString(queue[i].Value)));
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

    /// <summary>Nothing can be read from now on; said once, until something can be again.</summary>
    private void Away(string reason)
    {
        Status.LastError = reason;
        if (Status.AwaySince != 0) return;
        Status.AwaySince = clock.GetUtcNow().ToUnixTimeMilliseconds();
        log.LogWarning("The input topics cannot be read and are tried again without end: {Reason}", reason);
    }

    /// <summary>Asks who the topics are now and (re)assigns what is new, anew, or out of range. Leaves the source suspect when the broker is away.</summary>
    /// <remarks>Never waits long: the caller's other work (wakes, rows that are to become blocks) goes on meanwhile.</remarks>
    private void Verify(CancellationToken stop)
    {
        suspect = false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AnswerWithin);
        try
        {
            var ids = identity.ReadAsync(topics.Names, patience.Token).GetAwaiter().GetResult();
            var counts = admin.GetMetadata(TimeSpan.FromSeconds(5)).Topics.ToDictionary(t => t.Topic, t => t.Partitions.Count, StringComparer.Ordinal);
            var all = topics.Names.SelectMany(t => Enumerable.Range(0, counts.GetValueOrDefault(t)).Select(p => new TopicPartition(t, p))).ToList();
            var low = Probe.Ask(all, OffsetSpec.Earliest());
            var high = Probe.Ask(all, OffsetSpec.Latest());
            var still = identity.ReadAsync(topics.Names, patience.Token).GetAwaiter().GetResult();
            if (topics.Names.Any(t => still[t] != ids[t]))
            {
                suspect = true; // a log gave way to another while its offsets were asked for: they may be of either
                return;
            }

            var assign = new List<TopicPartitionOffset>();
            foreach (var at in all) Check(at, ids[at.Topic], low[(at.Topic, at.Partition.Value)], high[(at.Topic, at.Partition.Value)], assign);

            if (assign.Count > 0)
            {
                Probe.Forget();
                consumer.IncrementalUnassign(assign.Select(a => a.TopicPartition).Where(consumer.Assignment.Contains).ToList());
                consumer.IncrementalAssign(assign);
            }

            stopped.Clear();
            verifiedAt = clock.GetTimestamp();
            Status.AwaySince = 0;
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

    private void Check(TopicPartition at, string id, long low, long high, List<TopicPartitionOffset> assign)
    {
        var (topic, number) = (at.Topic, at.Partition.Value);
        partitions.TryGetValue((topic, number), out var reading);
        var known = reading is { } r ? new PartitionPosition(topic, number, r.TopicId, r.Next)
            : stored.TryGetValue((topic, number), out var s) ? s : default(PartitionPosition?);
        var next = known is { } k && k.TopicId == id ? k.Next : 0;
        if (known is { } old && old.TopicId != id)
        {
            if (low > 0) Gone(topic, number, low, "the new log had already dropped them");
            if (number == 0) log.LogWarning("{Topic} is a new log ({New} instead of {Old}): it is read from its start.", topic, id, old.TopicId);
        }

        var first = Math.Max(next, low);
        if (known is { } same && same.TopicId == id && next < low) Gone(topic, number, low - next, "older than what the broker keeps");
        if (next > high)
        {
            Gone(topic, number, next - high, "the broker's log ends before what was already read");
            first = high;
        }

        if (reading is not null && reading.TopicId == id && reading.Next == first && !stopped.Remove(at)) return;
        partitions[(topic, number)] = new PartitionState(topic, number, id, first);
        assign.Add(new TopicPartitionOffset(at, first));
    }

    private void Gone(string topic, int partition, long count, string why)
    {
        Status.Gone += count;
        log.LogError("{Count} records of {Topic}/{Partition} are gone: {Why}. Nothing can bring them back here; raise the topic's retention.", count, topic, partition, why);
    }
}
