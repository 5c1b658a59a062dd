using System.Threading.Channels;
using Confluent.Kafka;
using Streaming.Common.Threads;
using Streaming.Engine.Batches;
using Streaming.Engine.Turns;
using Streaming.Grains.Storage;
using Streaming.Kafka.Reading;

namespace Streaming.Silo.Ingestion;

/// <summary>The sessions of the partitions a silo reads, and the batches that are ready to leave.
/// Thread-safe: polled into by one thread, answered to by many.</summary>
/// <param name="bucketOf">The bucket of a record's key.</param>
/// <param name="poison">Told of records that the program fails on.</param>
internal sealed class PartitionSessions(Func<byte[]?, int> bucketOf, IngestionSettings settings, IngestionStatus status, PoisonLog poison)
{
    private readonly Lock gate = new();
    private readonly Dictionary<TopicPartition, PartitionSession> sessions = [];
    private readonly Channel<PartitionBatch> ready = Channel.CreateUnbounded<PartitionBatch>(); // one batch for each partition at most

    /// <summary>Batches that may leave.</summary>
    public ChannelReader<PartitionBatch> Ready => ready.Reader;

    /// <summary>Set whenever a batch has come to its end.</summary>
    public AutoResetSignal BatchEnded { get; } = new();

    /// <summary>How often in a row sessions ended before anything landed.</summary>
    public int Failures { get; private set; }

    /// <summary>The partitions.</summary>
    public List<TopicPartition> Partitions
    {
        get
        {
            lock (gate) return [.. sessions.Keys];
        }
    }

    /// <summary>Nothing will become ready any more.</summary>
    public void Complete(Exception? fault = null) => ready.Writer.TryComplete(fault);

    /// <summary>Sessions begin, in place of those there were.</summary>
    public void Begin(IEnumerable<PartitionSession> begun)
    {
        lock (gate)
        {
            foreach (var session in begun) sessions[session.Partition] = session;
            status.Partitions = sessions.Count;
        }
    }

    /// <summary>Partitions that this silo reads no more.</summary>
    public void Drop(IEnumerable<TopicPartition> partitions)
    {
        lock (gate)
        {
            foreach (var partition in partitions)
            {
                if (sessions.Remove(partition, out var session)) session.End();
            }

            status.Partitions = sessions.Count;
        }
    }

    /// <summary>Takes in what was read. Returns the session when it has no room for more, else null.</summary>
    public PartitionSession? Take(ConsumeResult<byte[]?, byte[]?> result)
    {
        lock (gate)
        {
            if (!sessions.TryGetValue(result.TopicPartition, out var session) || session.Over) return null;
            if (result.IsPartitionEOF)
            {
                session.ReachedEnd(result.Offset.Value);
                return null;
            }

            if (session.Add(result, bucketOf(result.Message.Key), settings, poison)) return null;
            Emit(session);
            return session.Full(settings) ? session : null;
        }
    }

    /// <summary>True when there is room in the session, or it is over.</summary>
    public bool HasRoom(PartitionSession session)
    {
        lock (gate) return session.Over || !session.Full(settings);
    }

    /// <summary>Whatever was gathered and may leave becomes ready.</summary>
    public void EmitAll()
    {
        lock (gate)
        {
            foreach (var session in sessions.Values) Emit(session);
        }
    }

    /// <summary>A batch came to its end: durable in every silo it touches, or not known to be; then its session is over.</summary>
    public void Ended(PartitionBatch batch, bool durable)
    {
        lock (gate)
        {
            var session = batch.Session;
            if (!ReferenceEquals(session.Underway, batch)) return;
            if (durable)
            {
                session.Landed();
                Failures = 0;
                status.Landed(batch);
                Emit(session);
            }
            else
            {
                End(session);
            }
        }

        BatchEnded.Set();
    }

    /// <summary>The session of a partition is over, if it has one: what was read and did not land is read again.</summary>
    public void End(TopicPartition partition)
    {
        lock (gate)
        {
            if (sessions.TryGetValue(partition, out var session) && !session.Over) End(session);
        }
    }

    /// <summary>Sessions that were paused while they were full, and have room again.</summary>
    public List<PartitionSession> PausedWithRoom => Where(s => s is { Paused: true, Over: false } && !s.Full(settings));

    /// <summary>Sessions that match.</summary>
    public List<PartitionSession> Where(Func<PartitionSession, bool> match)
    {
        lock (gate) return [.. sessions.Values.Where(match)];
    }

    /// <summary>True while a batch of one of these partitions is on its way.</summary>
    public bool Underway(IEnumerable<TopicPartition> partitions)
    {
        lock (gate) return partitions.Any(p => sessions.TryGetValue(p, out var session) && session.Underway is not null);
    }

    /// <summary>The progress not yet reported, by session.</summary>
    public List<(PartitionSession Session, PartitionProgress Progress)> Unreported(EndOffsets? ends)
    {
        lock (gate)
        {
            if (ends is not null)
            {
                status.Lag = sessions.Values.Sum(s =>
                    Math.Max(0, ends.Offsets.GetValueOrDefault((s.Partition.Topic, s.Partition.Partition.Value), s.Next) - s.Next));
            }
            var news = new List<(PartitionSession, PartitionProgress)>();
            foreach (var session in sessions.Values)
            {
                if (session.TryReport(ends, out var progress)) news.Add((session, progress));
            }

            return news;
        }
    }

    /// <summary>What was told of a session is in the database.</summary>
    public void Reported(PartitionSession session, PartitionProgress progress)
    {
        lock (gate) session.Reported(progress);
    }

    private void End(PartitionSession session)
    {
        session.End();
        Failures++;
        status.Failed();
    }

    private void Emit(PartitionSession session)
    {
        if (session.Take() is not { } batch) return;
        status.Read(batch.Timestamps);
        ready.Writer.TryWrite(batch);
    }
}
