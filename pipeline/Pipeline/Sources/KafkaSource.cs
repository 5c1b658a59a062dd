using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Streaming.Members.Events;
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
    private readonly IAdminClient admin;
    private readonly ITopicIdentity identity;
    private readonly InputTopics topics;
    private readonly CommitSettings limits;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Dictionary<(string Topic, int Partition), PartitionState> partitions = [];
    private readonly Dictionary<(string Topic, int Partition), PartitionPosition> stored;
    private readonly HashSet<TopicPartition> stopped = []; // the client is not where we are in them: they are assigned anew from our own position
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
        if (suspect || clock.GetElapsedTime(verifiedAt) > VerifyEvery) Verify(stop);
        while (!suspect && !stop.IsCancellationRequested && batch.Records.Count < limits.MaxRecords && batch.ArenaUsed < limits.MaxBytes)
        {
            ConsumeResult<byte[]?, byte[]?>? result;
            try
            {
                result = consumer.Consume(batch.Records.Count == 0 ? wait : TimeSpan.Zero);
            }
            catch (ConsumeException e)
            {
                Failed(e);
                break;
            }

            if (result is null) break;
            if (suspect)
            {
                PutBack(result);
                break;
            }

            if (!partitions.TryGetValue((result.Topic, result.Partition.Value), out var partition)) continue;
            Status.AwaySince = 0;
            if (result.IsPartitionEOF)
            {
                Reached(partition, result);
                wait = TimeSpan.Zero;
                continue;
            }

            Take(batch, result, partition);
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
        var assigned = consumer.Assignment;
        consumer.Pause(assigned);
        try
        {
            if (consumer.Consume(time) is { } result) PutBack(result);
        }
        catch (ConsumeException e)
        {
            Failed(e);
        }
        finally
        {
            consumer.Resume(assigned);
        }
    }

    public void Dispose()
    {
        identity.Changed -= Invalidate;
        consumer.Close();
        consumer.Dispose();
        admin.Dispose();
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

    private void Take(Batch batch, ConsumeResult<byte[]?, byte[]?> result, PartitionState partition)
    {
        var message = result.Message;
        var headers = KafkaHeaders.Size(message.Headers);
        var key = message.Key?.Length ?? -1;
        var value = message.Value?.Length ?? -1;
        var span = batch.Reserve(Math.Max(key, 0) + Math.Max(value, 0) + headers, out var start);
        message.Key?.CopyTo(span);
        message.Value?.CopyTo(span[Math.Max(key, 0)..]);
        if (headers > 0) KafkaHeaders.Copy(message.Headers!, span[(Math.Max(key, 0) + Math.Max(value, 0))..]);
        var valueStart = start + Math.Max(key, 0);
        var timestamp = message.Timestamp.UnixTimestampMs;
        batch.Add(topics.Find(result.Topic), result.Partition.Value, result.Offset.Value, timestamp, (start, key), (valueStart, value), (valueStart + Math.Max(value, 0), headers));
        partition.Next = result.Offset.Value + 1;
        partition.Moved = true;
        if (timestamp > partition.HighestTimestamp) partition.HighestTimestamp = timestamp;
    }

    /// <summary>The partition has been read to its end; control records have offsets too, so the end may lie behind the last record.</summary>
    private static void Reached(PartitionState partition, ConsumeResult<byte[]?, byte[]?> end)
    {
        partition.Moved |= end.Offset.Value > partition.Next;
        partition.Next = Math.Max(partition.Next, end.Offset.Value);
    }

    /// <summary>What was handed out and cannot be taken now is read again: the client believes it is done with it, so the partition is assigned anew from our own position.</summary>
    private void PutBack(ConsumeResult<byte[]?, byte[]?> result)
    {
        stopped.Add(result.TopicPartition);
        suspect = true;
    }

    private void Invalidate()
    {
        suspect = true;
        Away("the log it was reading is gone");
    }

    /// <summary>After an error on a partition (its offset is out of range, say) the client fetches it no more, even if the offset is in range by now.</summary>
    private void Failed(ConsumeException e)
    {
        if (e.ConsumerRecord is { Partition.Value: >= 0 } at) stopped.Add(at.TopicPartition);
        Trouble(e.Error);
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
