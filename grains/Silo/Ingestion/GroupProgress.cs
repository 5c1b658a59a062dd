using Confluent.Kafka;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Kafka.Reading;

namespace Streaming.Silo.Ingestion;

/// <summary>Writes how far the partitions of a silo are, and up to when they are proven, to the database.</summary>
internal sealed class GroupProgress(PartitionSessions sessions, EndOffsetProbe probe, IClusterStore store)
{
    /// <summary>Writes what is news; gives the offsets that are in the database by that.</summary>
    /// <exception cref="StoreException">The database is away or refuses.</exception>
    public async Task<IReadOnlyList<TopicPartitionOffset>> WriteAsync(CancellationToken cancel)
    {
        var news = sessions.Unreported(probe.Latest);
        var partitions = sessions.Partitions;
        if (partitions.Count > 0) probe.Ask(() => Task.FromResult<IReadOnlyList<TopicPartition>>(partitions));
        if (news.Count == 0) return [];
        var old = (await store.ProgressAsync([.. news.Select(n => n.Progress)], cancel))
            .Select(p => new InputPartition(p.TopicId, p.Partition)).ToHashSet();
        var written = new List<TopicPartitionOffset>();
        foreach (var (session, progress) in news)
        {
            if (old.Contains(new InputPartition(progress.TopicId, progress.Partition)))
            {
                sessions.End(session.Partition); // another silo has it, or had it for a moment
                continue;
            }

            sessions.Reported(session, progress);
            written.Add(new TopicPartitionOffset(session.Partition, progress.Next));
        }

        return written;
    }
}
