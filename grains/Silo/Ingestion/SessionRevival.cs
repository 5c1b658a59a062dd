using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Ingestion;

/// <summary>Assigns partitions again whose session is over: they are read again from where every silo had acknowledged them.</summary>
/// <remarks>One round at a time, after a pause that grows with failures. Used by the thread that polls.</remarks>
internal sealed class SessionRevival(PartitionSessions sessions, PartitionAssigner assigner, KafkaInputPartitions inputs,
    IngestionSettings settings,
    IngestionStatus status, ILogger<SessionRevival> log)
{
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(5);
    private (List<PartitionSession> Over, Task<IReadOnlyList<PartitionSession>> Next)? reassigning;

    /// <summary>Begins a round where sessions are over, or ends the one under way.</summary>
    public void Turn(GroupClient client, CancellationToken stop)
    {
        if (reassigning is { } round)
        {
            if (!round.Next.IsCompleted) return;
            reassigning = null;
            Begin(client, round.Over, round.Next);
            return;
        }

        foreach (var session in sessions.Where(OfAnotherLog)) sessions.End(session.Partition);
        var over = sessions.Where(s => s.Over);
        if (over.Count == 0) return;
        foreach (var session in over) client.Pause(session);
        reassigning = (over, AssignAsync([.. over.Select(s => s.Partition)], Pause(over.Count), stop));
    }

    private bool OfAnotherLog(PartitionSession session) =>
        !session.Over && inputs.IdOf(session.Partition.Topic) is { } id && id != session.TopicId;

    private TimeSpan Pause(int over)
    {
        var pause = settings.RetryAfter * Math.Pow(2, Math.Min(sessions.Failures / over, 10));
        return pause < MostPause ? pause : MostPause;
    }

    private async Task<IReadOnlyList<PartitionSession>> AssignAsync(IReadOnlyList<TopicPartition> partitions, TimeSpan pause,
        CancellationToken stop)
    {
        await Task.Delay(pause, stop);
        return await assigner.BeginAsync(partitions, stop);
    }

    private void Begin(GroupClient client, List<PartitionSession> over, Task<IReadOnlyList<PartitionSession>> next)
    {
        try
        {
            var begun = next.GetAwaiter().GetResult();
            var still = sessions.Where(over.Contains).Select(s => s.Partition).ToHashSet(); // the others moved to another silo meanwhile
            foreach (var session in begun.Where(s => still.Contains(s.Partition)))
            {
                client.Seek(session);
                sessions.Begin([session]);
                client.Resume(session);
            }
        }
        catch (Exception e) when (e is KafkaException or StoreException)
        {
            status.LastError = e.Message;
            log.PartitionsNotBegun(over.Count, e.Message);
        }
    }
}
