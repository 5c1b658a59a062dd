using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;

namespace Streaming.Kafka.Reading;

/// <summary>Watches what is read: which partitions the input topics have, whose logs these are, how far they are read and where they end,
/// and whether the broker answers. Decides from where the client reads.</summary>
/// <remarks>
/// Positions belong to a topic's incarnation, which is asked for at the start, after every trouble and once a minute. A broker that is away
/// is waited for; an offset that is out of range under the same incarnation is an alarm with the count of what is gone. Used by the
/// intake's thread, but for <see cref="Trouble"/>, and for a log that is said to be gone.
/// </remarks>
public sealed class PartitionWatch : IDisposable
{
    private static readonly TimeSpan VerifyEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(1);
    private readonly IAdminClient admin;
    private readonly ITopicIdentity identity;
    private readonly TopicLogs logs;
    private readonly BrokerPartitions partitions;
    private readonly BlockedPartitions blocked;
    private readonly ReadingPositions positions;
    private readonly EndOffsetProbe probe;
    private readonly BrokerSilence silence;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    // the client is not where we are in them: they are assigned anew from our own position
    private readonly HashSet<TopicPartition> stopped = [];
    private volatile bool mustVerify = true;
    private long verifiedAt, measuredAt, askedAt;
    private EndOffsets? learned;

    /// <summary>A watch that has asked nothing yet.</summary>
    /// <param name="settings">Where the broker is.</param>
    /// <param name="topics">What is read.</param>
    /// <param name="identity">Tells a topic's log from another under the same name.</param>
    /// <param name="head">From where.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="log">Gets the alarms.</param>
    public PartitionWatch(KafkaSettings settings, InputTopics topics, ITopicIdentity identity, StoreHead head, TimeProvider clock,
        ILogger log)
    {
        Topics = topics;
        this.identity = identity;
        this.clock = clock;
        this.log = log;
        blocked = new BlockedPartitions(Status, clock, log);
        positions = new ReadingPositions(head, Status, log);
        admin = new AdminClientBuilder(settings.Admin()).SetLogHandler(ClientLog.To(log)).Build();
        probe = new EndOffsetProbe(admin, clock, log);
        partitions = new BrokerPartitions(admin, topics.Names);
        silence = new BrokerSilence(probe, AskEnds, clock);
        logs = new TopicLogs(topics, identity, partitions, probe);
        identity.Changed += Invalidate;
    }

    /// <summary>What is read.</summary>
    public InputTopics Topics { get; }

    /// <summary>How reading goes.</summary>
    public SourceStatus Status { get; } = new();

    /// <summary>True while what the client gives may be of another log or from another position than is believed: nothing is taken from
    /// it.</summary>
    public bool Suspect => mustVerify;

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

    /// <summary>Takes up what the broker said, asks again when it is time, and assigns the client what is new, anew, or out of range.
    /// <see cref="Suspect"/> remains true when the broker is away.</summary>
    /// <param name="consumer">The client.</param>
    /// <param name="stop">Ends a wait.</param>
    public void Look(IConsumer<byte[]?, byte[]?> consumer, CancellationToken stop)
    {
        if (clock.GetElapsedTime(askedAt) > LookEvery) AskEnds();
        Learn();
        if (blocked.Due) mustVerify = true;
        if (mustVerify || clock.GetElapsedTime(verifiedAt) > VerifyEvery) Verify(consumer, stop);
    }

    /// <inheritdoc cref="ReadingPositions.HasRead"/>
    public bool HasRead(IReadOnlyDictionary<(string Topic, int Partition), long> ends) => positions.HasRead(ends);

    /// <summary>Puts the partitions that moved into the batch, and measures the lag once a second.</summary>
    public void Report(Batch batch, IConsumer<byte[]?, byte[]?> consumer)
    {
        positions.Report(batch);
        if (clock.GetElapsedTime(measuredAt) <= MeasureEvery) return;
        measuredAt = clock.GetTimestamp();
        Status.Lag = positions.Lag(at => consumer.GetWatermarkOffsets(at).High);
    }

    /// <summary>The client, or the broker through it, has a difficulty. Any thread may say so.</summary>
    public void Trouble(Error error)
    {
        Status.LastError = error.Reason;
        mustVerify = true;
        if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport) Away(error.Reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        identity.Changed -= Invalidate;
        admin.Dispose();
    }

    /// <inheritdoc cref="ReadingPositions.Find"/>
    internal PartitionState? Find(string topic, int partition) => positions.Find(topic, partition);

    /// <summary>The client gave something.</summary>
    internal void Heard() => silence.Heard();

    /// <summary>What the client gave is of a partition that is read.</summary>
    internal void Arrived()
    {
        if (Status.AwaySince != 0) Status.AwaySince = 0;
    }

    /// <summary>A record was taken.</summary>
    internal void Took(PartitionState partition, long offset)
    {
        partition.Took(offset);
        blocked.Read(partition);
    }

    /// <summary>
    /// What was handed out and cannot be taken now is read again: the client believes it is done with it, so the partition is assigned anew
    /// from our own position. After an error on a partition (its offset is out of range, say) the client fetches it no more, even if the
    /// offset is in range by now; so it is assigned anew too.
    /// </summary>
    /// <param name="partition">Of which partition; null when it is not read.</param>
    /// <param name="error">The error that was handed out; null for a record.</param>
    internal void PutBack(PartitionState? partition, Error? error)
    {
        mustVerify = true;
        var at = partition is null ? null : new TopicPartition(partition.Topic, partition.Partition);
        if (at is not null) stopped.Add(at);
        if (error is null) return;
        if (at is not null && BlockedPartitions.IsAboutBytes(error.Code)) blocked.Failed(at, partition!.Next, error.Reason);
        else Trouble(error);
    }

    /// <summary>Nothing came from the client for a moment.</summary>
    internal void Listen()
    {
        if (silence.Listen() is not (not 0 and var since)) return;
        mustVerify = true;
        Away("the broker does not answer", since);
    }

    /// <summary>Nothing is read meanwhile that would show whether the broker is there; whose topics these are now is asked before the next
    /// record is taken.</summary>
    internal void ListenUnread()
    {
        Listen();
        if (silence.HasAnsweredSince(Status.AwaySince)) Status.AwaySince = 0;
    }

    /// <summary>Takes up what the broker said last. A partition that is not being read yet is assigned at once.</summary>
    private void Learn()
    {
        if (probe.Latest is not { } ends || ReferenceEquals(ends, learned)) return;
        learned = ends;
        if (!Topics.Names.All(t => ends.Offsets.ContainsKey((t, 0)))) return; // while a topic is missing nothing is proven
        if (!positions.Ends(ends)) mustVerify = true;
    }

    private void Invalidate()
    {
        mustVerify = true;
        Away("the log it was reading is gone");
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

    private void Verify(IConsumer<byte[]?, byte[]?> consumer, CancellationToken stop)
    {
        mustVerify = false;
        try
        {
            if (logs.Ask(stop) is { } now) Assign(consumer, now);
            else mustVerify = true;
        }
        catch (KafkaException e)
        {
            mustVerify = true;
            Away(e.Error.Reason);
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(250));
        }
        catch (OperationCanceledException)
        {
            mustVerify = true;
            if (!stop.IsCancellationRequested) Away("the broker does not say which topics it has");
        }
    }

    private void Assign(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<PartitionLog> all)
    {
        var assign = new List<TopicPartitionOffset>();
        foreach (var one in all)
        {
            if (blocked.Waits(one.At)) continue;
            if (positions.Check(one, stopped.Contains(one.At)) is { } from) assign.Add(from);
        }

        positions.LogRenewed();
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
