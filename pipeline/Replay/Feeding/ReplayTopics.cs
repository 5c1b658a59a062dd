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

/// <summary>The topics of one run of a replay: a stretch of rows is sent to them and read back, whatever the partitions, in the order it
/// was sent in.</summary>
/// <remarks>Failure: a message the broker does not take ends the replay. Used by the intake's thread alone.</remarks>
public sealed class ReplayTopics : IDisposable
{
    private readonly InputTopics topics;
    private readonly KafkaSource kafka;
    private readonly IProducer<byte[]?, byte[]?> producer;
    private readonly Dictionary<(string Topic, int Partition), long> ends = [];
    private readonly Dictionary<(Topic Topic, int Partition, long Offset), long> order = [];
    private long sent;
    private Error? failure;

    /// <summary>The topics, which are there and empty.</summary>
    /// <param name="settings">Where the broker is.</param>
    /// <param name="topics">Their names.</param>
    /// <param name="identity">Tells a topic's log from another under the same name.</param>
    /// <param name="log">Gets what the clients say.</param>
    public ReplayTopics(KafkaSettings settings, InputTopics topics, ITopicIdentity identity, ILogger log)
    {
        this.topics = topics;
        var unbounded = new CommitSettings { MaxRecords = int.MaxValue, MaxBytes = int.MaxValue };
        var watch = new PartitionWatch(settings, topics, identity, new StoreHead(), TimeProvider.System, log);
        kafka = new KafkaSource(settings, watch, unbounded, log);
        producer = new ProducerBuilder<byte[]?, byte[]?>(settings.Producer()).SetLogHandler(ClientLog.To(log)).Build();
    }

    /// <summary>What every name begins with.</summary>
    public string Prefix => topics.Prefix;

    /// <summary>How reading goes.</summary>
    public SourceStatus Status => kafka.Status;

    /// <summary>Begins the next stretch.</summary>
    public void Begin()
    {
        order.Clear();
        sent = 0;
    }

    /// <summary>Sends a row as the next of the stretch.</summary>
    public void Send(in ReplayRow row)
    {
        var (index, topic) = (sent++, row.Topic);
        var timestamp = new Timestamp(ReplayRow.TimestampOf(row.At), TimestampType.CreateTime);
        var message = new Message<byte[]?, byte[]?> { Key = row.Key, Value = row.Value, Timestamp = timestamp };
        Produce(topics.Names[(int)topic], message, report => Reported(topic, index, report));
    }

    /// <summary>Waits until the broker has the stretch. A stop ends the wait; the next start sends again what the broker does not
    /// have.</summary>
    /// <exception cref="KafkaException">It did not take all of it.</exception>
    public void Flush(CancellationToken stop)
    {
        try
        {
            producer.Flush(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        if (failure is not null) throw new KafkaException(failure);
    }

    /// <summary>Reads all that is unread of what was sent, and of the signals.</summary>
    /// <param name="batch">Receives it.</param>
    /// <param name="signalEnds">By partition, the end of the signals.</param>
    /// <param name="stop">Ends a wait.</param>
    public void ReadBack(Batch batch, IEnumerable<KeyValuePair<int, long>> signalEnds, CancellationToken stop)
    {
        var signals = topics.Names[(int)Topic.Signals];
        foreach (var (partition, end) in signalEnds) ends[(signals, partition)] = end;
        while (!stop.IsCancellationRequested && !kafka.HasRead(ends)) kafka.Read(batch, TimeSpan.FromMilliseconds(20), stop);
    }

    /// <summary>Sorts what was read back into the order it was sent in; signals come first.</summary>
    public void Sort(List<InputRecord> records) => records.Sort((a, b) =>
    {
        var by = Place(a).CompareTo(Place(b));
        if (by == 0) by = a.Partition.CompareTo(b.Partition);
        return by != 0 ? by : a.Offset.CompareTo(b.Offset);
    });

    /// <inheritdoc cref="KafkaSource.Hold"/>
    public void Hold(TimeSpan time) => kafka.Hold(time);

    /// <inheritdoc/>
    public void Dispose()
    {
        producer.Dispose();
        kafka.Dispose();
    }

    private long Place(in InputRecord record) => order.GetValueOrDefault((record.Topic, record.Partition, record.Offset), -1);

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

    private void Reported(Topic topic, long index, DeliveryReport<byte[]?, byte[]?> report)
    {
        lock (order)
        {
            if (report.Error.IsError) failure = report.Error;
            order[(topic, report.Partition.Value, report.Offset.Value)] = index;
            var at = (report.Topic, report.Partition.Value);
            ends[at] = Math.Max(ends.GetValueOrDefault(at), report.Offset.Value + 1);
        }
    }
}
