using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Streaming.Kafka.Reading;

/// <summary>Asks the broker for the partitions' end offsets: the proof that no unread record explains a member's silence. Asks one question
/// at a time, in the background.</summary>
public sealed class EndOffsetProbe(IAdminClient admin, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private Task asking = Task.CompletedTask;
    private EndOffsets? latest;
    private long unansweredSince, life;

    /// <summary>The newest answer, or null before the first.</summary>
    public EndOffsets? Latest => Volatile.Read(ref latest);

    /// <summary>When the first of the questions was asked that have gone unanswered since, epoch milliseconds; 0 after an answer.</summary>
    public long UnansweredSince => Interlocked.Read(ref unansweredSince);

    /// <summary>Completes when the question under way is answered.</summary>
    public Task Asking => asking;

    /// <summary>Asks again unless a question is under way. Called by the intake's thread alone.</summary>
    /// <param name="which">Tells which partitions are asked about. It is asked first: a record in a partition it does not name came
    /// later.</param>
    public void Ask(Func<Task<IReadOnlyList<TopicPartition>>> which)
    {
        if (asking.IsCompleted) asking = AskAsync(which);
    }

    /// <summary>Forgets the answers, and the one that is under way: partitions have new logs.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref life);
        Volatile.Write(ref latest, null);
    }

    /// <summary>Asks for one offset of each partition and waits for the answer.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or not for every partition.</exception>
    public IReadOnlyDictionary<(string Topic, int Partition), long> Ask(IReadOnlyList<TopicPartition> partitions, OffsetSpec which) =>
        AskAsync(partitions, which).GetAwaiter().GetResult();

    /// <summary>Asks for one offset of each partition.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or not for every partition.</exception>
    public async Task<IReadOnlyDictionary<(string Topic, int Partition), long>> AskAsync(IReadOnlyList<TopicPartition> partitions,
        OffsetSpec which)
    {
        var askedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            // the end with open transactions included: what they hold may still come, so it must count as unread
            var options = new ListOffsetsOptions { RequestTimeout = AnswerWithin, IsolationLevel = IsolationLevel.ReadUncommitted };
            var specs = partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = p, OffsetSpec = which });
            // If the broker is frozen, the client gives up only when the connection times out, after a minute.
            var answer = await admin.ListOffsetsAsync(specs, options).WaitAsync(AnswerWithin);
            var offsets = answer.ResultInfos.Select(r => r.TopicPartitionOffsetError)
                .ToDictionary(r => (r.Topic, r.Partition.Value), r => r.Error.IsError ? throw new KafkaException(r.Error) : r.Offset.Value);
            Interlocked.Exchange(ref unansweredSince, 0);
            return offsets;
        }
        catch (Exception e) when (e is KafkaException or TimeoutException)
        {
            Interlocked.CompareExchange(ref unansweredSince, askedAt, 0);
            if (e is KafkaException) throw;
            throw new KafkaException(new Error(ErrorCode.Local_TimedOut,
                $"the broker did not answer within {AnswerWithin.TotalSeconds:0} s"), e);
        }
    }

    private async Task AskAsync(Func<Task<IReadOnlyList<TopicPartition>>> which)
    {
        var (askedAt, asked) = (clock.GetUtcNow().ToUnixTimeMilliseconds(), Interlocked.Read(ref life));
        try
        {
            var ends = await AskAsync(await which(), OffsetSpec.Latest());
            if (asked == Interlocked.Read(ref life)) Volatile.Write(ref latest, new EndOffsets(askedAt, ends));
        }
        catch (KafkaException e)
        {
            Interlocked.CompareExchange(ref unansweredSince, askedAt, 0);
            log.EndsUnknown(e.Error.Reason);
        }
    }
}
