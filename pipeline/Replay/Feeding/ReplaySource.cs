using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;
using Streaming.Members.Events;
using Streaming.Replay.Running;

namespace Streaming.Replay.Feeding;

/// <summary>Intake of a replay: sends a stretch of the file's rows to Kafka, reads them back, and
/// hands them on in the file's order on the data's own clock.</summary>
/// <remarks>
/// Stretch follows stretch only when the last one is durable and its signals have come back, so the result does not depend on partitions,
/// on timing or on where a run was interrupted; and never is more than one stretch (2 MiB) unread in the broker. How many rows are done is
/// a position like any other, durable with the commit that contains them.
/// </remarks>
public sealed class ReplaySource : IBatchSource
{
    /// <summary>Name under which the number of rows done stands among the positions.</summary>
    public const string RowsDone = "replay-rows";

    private const int StretchRows = 10_000;
    private const int StretchBytes = 1_500_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);
    private readonly KafkaSource kafka;
    private readonly IProducer<byte[]?, byte[]?> producer;
    private readonly InputTopics topics;
    private readonly ICommitProgress host;
    private readonly ReplayPace pace;
    private readonly IEnumerator<ReplayRow> rows;
    private readonly ReplayClock clock;
    private readonly string run;
    private readonly Dictionary<(string Topic, int Partition), long> ends = [];
    private readonly Dictionary<(Topic Topic, int Partition, long Offset), long> order = [];
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long done, now, latestAt = long.MinValue;
    private bool fileEnded, waiting;

    /// <summary>A replay into one host.</summary>
    /// <param name="rows">The rows of all files; those done before an interruption are passed over.</param>
    /// <param name="disorder">By how much rows may be late, milliseconds: wakes wait for it.</param>
    /// <param name="pace">How fast data time passes.</param>
    public ReplaySource(
        KafkaSettings settings, InputTopics topics, ITopicIdentity identity, ICommitProgress host, IEnumerable<ReplayRow> rows,
        long disorder, ReplayPace pace, ILogger log)
    {
        this.topics = topics;
        this.host = host;
        this.pace = pace;
        run = topics.Prefix;
        var unbounded = new CommitSettings { MaxRecords = int.MaxValue, MaxBytes = int.MaxValue };
        kafka = new KafkaSource(settings, topics, identity, new StoreHead(), unbounded, TimeProvider.System, log);
        producer = new ProducerBuilder<byte[]?, byte[]?>(settings.Producer()).SetLogHandler(ClientLog.To(log)).Build();
        this.rows = rows.GetEnumerator();
        done = host.Head.Positions.FirstOrDefault(p => p.Topic == RowsDone).Next;
        clock = new ReplayClock(disorder, host.Head.Now);
        now = clock.Now;
        for (var i = 0L; i < done && this.rows.MoveNext(); i++) latestAt = Math.Max(latestAt, this.rows.Current.At);
    }

    /// <inheritdoc/>
    public SourceStatus Status => kafka.Status;

    /// <summary>Completes when every row is committed and every wake of the data's time has acted.</summary>
    public Task Finished => finished.Task;

    /// <summary>Rows done.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>Data time reached, epoch milliseconds.</summary>
    public long Clock => Interlocked.Read(ref now);

    /// <inheritdoc/>
    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        if (!Settled(stop))
        {
            Idle(batch);
            return;
        }

        if (fileEnded)
        {
            End(batch, wait, nextDue, stop);
            return;
        }

        Send(batch, stop);
        ReadBack(batch, stop);
        if (stop.IsCancellationRequested)
        {
            batch.Records.Clear();
            batch.Skipped.Clear();
            Idle(batch);
            return;
        }

        Arrange(batch);
        batch.Positions.Add(new PartitionPosition(RowsDone, 0, run, Interlocked.Read(ref done)));
    }

    /// <inheritdoc/>
    public void Hold(TimeSpan time) => kafka.Hold(time);

    /// <inheritdoc/>
    public void Dispose()
    {
        producer.Dispose();
        kafka.Dispose();
        rows.Dispose();
    }

    /// <summary>The last stretch is durable and its signals are in the broker.</summary>
    private bool Settled(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var last = host.LastPosted;
            if (host.Durable >= last && host.Sent >= last) return true;
            host.WaitForProgress(TimeSpan.FromMilliseconds(20));
        }

        return false;
    }

    private void Idle(Batch batch) => batch.Segments.Add(new Segment(batch.Records.Count, clock.Now, long.MinValue));

    /// <summary>Sends the next stretch and learns at which offsets it stands.</summary>
    private void Send(Batch batch, CancellationToken stop)
    {
        order.Clear();
        var bytes = 0;
        var sent = 0;
        var failure = default(Error);
        for (var n = 0; n < StretchRows && bytes < StretchBytes && !stop.IsCancellationRequested; n++)
        {
            if (!waiting && !rows.MoveNext())
            {
                fileEnded = true;
                break;
            }

            var row = rows.Current;
            waiting = pace.Ahead(row.At) is var ahead && ahead > TimeSpan.Zero;
            if (waiting)
            {
                if (n == 0) stop.WaitHandle.WaitOne(ahead < LongestWait ? ahead : LongestWait);
                break;
            }

            done++;
            if (row.Skipped is { } reason)
            {
                batch.Skipped.Add((row.Topic, reason, row.At));
                continue;
            }

            latestAt = Math.Max(latestAt, row.At);
            var index = sent++;
            var topic = topics.Names[(int)row.Topic];
            var timestamp = new Timestamp(ReplayRow.TimestampOf(row.At), TimestampType.CreateTime);
            var message = new Message<byte[]?, byte[]?> { Key = row.Key, Value = row.Value, Timestamp = timestamp };
            Produce(topic, message, report =>
            {
                lock (order)
                {
                    if (report.Error.IsError) failure = report.Error;
                    order[(row.Topic, report.Partition.Value, report.Offset.Value)] = index;
                    ends[(report.Topic, report.Partition.Value)] =
                        Math.Max(ends.GetValueOrDefault((report.Topic, report.Partition.Value)), report.Offset.Value + 1);
                }
            });
            bytes += row.Value.Length + 64;
        }

        producer.Flush(stop);
        if (failure is not null) throw new KafkaException(failure);
    }

    private void Produce(string topic, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> report)
    {
        while (true)
        {
            try
            {
                producer.Produce(topic, message, report);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    private void ReadBack(Batch batch, CancellationToken stop)
    {
        var signals = topics.Names[(int)Topic.Signals];
        foreach (var (partition, end) in host.SignalEnds) ends[(signals, partition)] = end;
        while (!stop.IsCancellationRequested && !kafka.HasRead(ends)) kafka.Read(batch, TimeSpan.FromMilliseconds(20), stop);
    }

    /// <summary>The file's order, the last stretch's signals first; and wakes act as
    /// each whole minute of the data's clock is passed.</summary>
    private void Arrange(Batch batch)
    {
        var records = batch.Records;
        records.Sort((a, b) =>
        {
            var by = Place(a).CompareTo(Place(b));
            if (by == 0) by = a.Partition.CompareTo(b.Partition);
            return by != 0 ? by : a.Offset.CompareTo(b.Offset);
        });
        for (var i = 0; i < records.Count; i++)
        {
            var at = records[i].Timestamp;
            if (records[i].Topic != Topic.Signals && clock.Passes(at)) batch.Segments.Add(new Segment(i, Segment.OwnTime, clock.Proven));
        }

        batch.Segments.Add(new Segment(records.Count, Segment.OwnTime, long.MinValue));
        Interlocked.Exchange(ref now, clock.Now);
        Idle(batch);
    }

    private long Place(in InputRecord record) => order.GetValueOrDefault((record.Topic, record.Partition, record.Offset), -1);

    /// <summary>Every row is committed: first the signals still on their way, then the wakes up to the data's last moment.</summary>
    private void End(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        order.Clear();
        ReadBack(batch, stop);
        if (batch.Records.Count > 0)
        {
            Arrange(batch);
            return;
        }

        clock.End(latestAt);
        Interlocked.Exchange(ref now, clock.Now);
        var open = nextDue <= clock.Now && latestAt != long.MinValue;
        if (open) batch.Segments.Add(new Segment(0, Segment.OwnTime, clock.Now));
        Idle(batch);
        if (open) return;
        finished.TrySetResult();
        stop.WaitHandle.WaitOne(wait);
    }
}
