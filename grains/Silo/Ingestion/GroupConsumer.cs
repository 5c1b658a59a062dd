using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Kafka.Client;
using Streaming.Kafka.Reading;

namespace Streaming.Silo.Ingestion;

/// <summary>A member of the consumer group: reads the partitions the group gives it into batches, one on its way per partition.</summary>
/// <remarks>
/// One thread polls. Rebalances are cooperative: what stays with a node goes on undisturbed, and a partition that moves is held until what
/// is on its way has landed, so that its next owner repeats nothing. That nothing is lost or applied twice does not rest on that: the
/// generation of an assignment fences off whatever comes late. A partition whose session is over is assigned again and read again from
/// where every silo had acknowledged it. A fault of the client as a whole ends the consumer; the graph makes another.
/// </remarks>
internal sealed class GroupConsumer : IAsyncDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan HoldOthers = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(5);
    private const int PollsPerTurn = 4_096;

    private readonly IConsumer<byte[]?, byte[]?> consumer;
    private readonly PartitionSessions sessions;
    private readonly Assigner assigner;
    private readonly EndOffsetProbe probe;
    private readonly KafkaInputs inputs;
    private readonly IClusterStore store;
    private readonly IngestionSettings settings;
    private readonly IngestionStatus status;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private (List<PartitionSession> Over, Task<IReadOnlyList<PartitionSession>> Next)? reviving;

    public GroupConsumer(
        ConsumerConfig config, InputTopics topics, PartitionSessions sessions, Assigner assigner, EndOffsetProbe probe, KafkaInputs inputs,
        IClusterStore store,
        IngestionSettings settings, IngestionStatus status, ILogger<GroupConsumer> log)
    {
        this.sessions = sessions;
        this.assigner = assigner;
        this.probe = probe;
        this.inputs = inputs;
        this.store = store;
        this.settings = settings;
        this.status = status;
        this.log = log;
        consumer = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, e) => status.LastError = e.Reason)
            .SetLogHandler(ClientLog.To(log))
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked([.. partitions.Select(p => p.TopicPartition)]))
            .SetPartitionsLostHandler((_, partitions) => sessions.Drop(partitions.Select(p => p.TopicPartition)))
            .Build();
        consumer.Subscribe(topics.Names);
        thread = new Thread(Run) { IsBackground = true, Name = "kafka-group" };
        thread.Start();
    }

    /// <summary>The next batch; null once it is closed.</summary>
    /// <exception cref="Exception">What ended the consumer.</exception>
    public async Task<PartitionBatch?> ReadAsync()
    {
        while (await sessions.Ready.WaitToReadAsync())
        {
            if (sessions.Ready.TryRead(out var batch)) return batch;
        }

        return null;
    }

    /// <summary>A batch came to its end: durable in every silo it touches, or not known to be.</summary>
    public void Ended(PartitionBatch batch, bool durable) => sessions.Ended(batch, durable);

    /// <summary>Writes progress and proof of all partitions to the database, and offsets into the group for tools that show lag.</summary>
    /// <exception cref="StoreException">The database is away or refuses.</exception>
    public async Task ReportAsync(CancellationToken cancel)
    {
        var news = sessions.Unreported(probe.Latest);
        var partitions = sessions.Partitions;
        if (partitions.Count > 0) probe.Ask(() => Task.FromResult<IReadOnlyList<TopicPartition>>(partitions));
        if (news.Count == 0) return;
        var old = (await store.ProgressAsync([.. news.Select(n => n.Progress)], cancel))
            .Select(p => new InputPartition(p.TopicId, p.Partition)).ToHashSet();
        foreach (var (session, progress) in news)
        {
            if (old.Contains(new InputPartition(progress.TopicId, progress.Partition)))
            {
                sessions.End(session.Partition); // another node has it, or had it for a moment
                continue;
            }

            sessions.Reported(session, progress);
            Tell(session, progress.Next);
        }
    }

    /// <summary>Leaves the group once what is on its way has landed, or the time for that is over.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.Run(thread.Join);
        consumer.Dispose();
        stop.Dispose();
    }

    private void Run()
    {
        Exception? fault = null;
        try
        {
            while (!stop.IsCancellationRequested) Turn();
        }
#pragma warning disable CA1031 // whatever it is ends this consumer; the graph says so and makes another
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
            sessions.Drop(sessions.Partitions);
        }

        try
        {
            consumer.Close();
        }
        catch (KafkaException e)
        {
            log.GroupNotLeft(e.Error.Reason);
        }

        sessions.Complete(fault);
    }

    private void Turn()
    {
        var wait = Wait;
        for (var polls = 0; polls < PollsPerTurn && !stop.IsCancellationRequested; polls++)
        {
            if (Poll(wait) is not { } result) break;
            wait = TimeSpan.Zero;
            if (sessions.Take(result) is { } full) MakeRoom(full);
        }

        sessions.EmitAll();
        foreach (var session in sessions.Where(s => s is { Paused: true, Over: false } && !s.Full(settings))) Pause(session, false);
        Revive();
    }

    private ConsumeResult<byte[]?, byte[]?>? Poll(TimeSpan wait)
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            status.LastError = e.Error.Reason;
            log.ReadingRefused(e.Error.Reason);
            // The client fetches that partition no more, whatever becomes of it (its offset is out of range, say): it is assigned anew.
            if (e.ConsumerRecord is { Partition.Value: >= 0 } at) sessions.End(at.TopicPartition);
            return null;
        }
    }

    /// <summary>A full partition holds the others back for a moment, since pausing it
    /// throws away what the client has fetched ahead.</summary>
    private void MakeRoom(PartitionSession session)
    {
        var until = Environment.TickCount64 + (long)HoldOthers.TotalMilliseconds;
        while (Environment.TickCount64 < until && !stop.IsCancellationRequested)
        {
            sessions.News.Wait(Wait);
            if (sessions.HasRoom(session)) return;
        }

        Pause(session, true);
    }

    private void Revive()
    {
        if (reviving is { } round)
        {
            if (round.Next.IsCompleted) Begin(round.Over, round.Next);
            return;
        }

        // another log
        foreach (var session in sessions.Where(s => !s.Over && inputs.IdOf(s.Partition.Topic) is { } id && id != s.TopicId))
        {
            sessions.End(session.Partition);
        }
        var over = sessions.Where(s => s.Over);
        if (over.Count == 0) return;
        foreach (var session in over) Pause(session, true);
        var pause = Math.Min(settings.RetryAfter.TotalMilliseconds * Math.Pow(2, Math.Min(sessions.Failures / over.Count, 10)),
            MostPause.TotalMilliseconds);
        reviving = (over, AssignAsync([.. over.Select(s => s.Partition)], TimeSpan.FromMilliseconds(pause)));
    }

    private async Task<IReadOnlyList<PartitionSession>> AssignAsync(IReadOnlyList<TopicPartition> partitions, TimeSpan pause)
    {
        await Task.Delay(pause, stop.Token);
        return await assigner.BeginAsync(partitions, stop.Token);
    }

    private void Begin(List<PartitionSession> over, Task<IReadOnlyList<PartitionSession>> next)
    {
        reviving = null;
        try
        {
            var begun = next.GetAwaiter().GetResult();
            probe.Forget();
            var still = sessions.Where(over.Contains).Select(s => s.Partition).ToHashSet(); // the others moved to another node meanwhile
            foreach (var session in begun.Where(s => still.Contains(s.Partition)))
            {
                consumer.Seek(new TopicPartitionOffset(session.Partition, session.Next));
                sessions.Begin([session]);
                Pause(session, false);
            }
        }
        catch (Exception e) when (e is KafkaException or StoreException)
        {
            status.LastError = e.Message;
            log.PartitionsNotBegun(over.Count, e.Message);
        }
    }

    private void Pause(PartitionSession session, bool pause)
    {
        try
        {
            if (pause) consumer.Pause([session.Partition]);
            else consumer.Resume([session.Partition]);
            session.Paused = pause;
        }
        catch (KafkaException e)
        {
            log.PartitionNotPaused(session.Partition.Topic, session.Partition.Partition.Value, e.Error.Reason);
        }
    }

    private List<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        var begun = assigner.BeginAsync(partitions, stop.Token).GetAwaiter().GetResult();
        sessions.Begin(begun);
        probe.Forget();
        return [.. begun.Select(s => new TopicPartitionOffset(s.Partition, s.Next))];
    }

    private void Revoked(List<TopicPartition> partitions)
    {
        var until = Environment.TickCount64 + (long)settings.HandOver.TotalMilliseconds;
        while (Environment.TickCount64 < until && sessions.Underway(partitions)) sessions.News.Wait(Wait);
        try
        {
            ReportAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (StoreException e)
        {
            log.HandOverNotWritten(partitions.Count, e.Message);
        }

        sessions.Drop(partitions);
    }

    private void Tell(PartitionSession session, long next)
    {
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(session.Partition, next));
        }
        catch (KafkaException e)
        {
            log.OffsetNotStored(session.Partition.Topic, session.Partition.Partition.Value, e.Error.Reason);
        }
    }
}
