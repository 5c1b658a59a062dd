using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Streaming.Pipeline.Sources;

/// <summary>Asks the broker where the partitions end: the proof that silence is silence. One question at a time, in the background.</summary>
internal sealed class EndOffsetProbe(IAdminClient admin, TimeProvider clock, ILogger log)
{
    private Task asking = Task.CompletedTask;
    private EndOffsets? latest;

    /// <summary>The newest answer, or null before the first.</summary>
    public EndOffsets? Latest => Volatile.Read(ref latest);

    /// <summary>Completes when the question under way is answered.</summary>
    public Task Asking => asking;

    /// <summary>Asks again unless a question is under way. Called by the intake's thread alone.</summary>
    public void Ask(IReadOnlyList<(string Topic, int Partition)> partitions)
    {
        if (asking.IsCompleted) asking = AskAsync(partitions);
    }

    /// <summary>Forgets the answers: partitions have new logs.</summary>
    public void Forget() => Volatile.Write(ref latest, null);

    private async Task AskAsync(IReadOnlyList<(string Topic, int Partition)> partitions)
    {
        var askedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            var specs = partitions.Select(p => new TopicPartitionOffsetSpec
            {
                TopicPartition = new TopicPartition(p.Topic, p.Partition),
                OffsetSpec = OffsetSpec.Latest(),
            });
            var answer = await admin.ListOffsetsAsync(specs, new ListOffsetsOptions { RequestTimeout = TimeSpan.FromSeconds(5), IsolationLevel = IsolationLevel.ReadUncommitted });
            var ends = answer.ResultInfos
                .Where(r => !r.TopicPartitionOffsetError.Error.IsError)
                .ToDictionary(r => (r.TopicPartitionOffsetError.Topic, r.TopicPartitionOffsetError.Partition.Value), r => r.TopicPartitionOffsetError.Offset.Value);
            Volatile.Write(ref latest, new EndOffsets(askedAt, ends));
        }
        catch (KafkaException e)
        {
            log.LogWarning("The broker did not tell where its partitions end; wakes wait until it does: {Reason}", e.Error.Reason);
        }
    }
}
