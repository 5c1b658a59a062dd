namespace Streaming.Kafka.Reading;

/// <summary>Tells an idle broker from one that is gone.</summary>
/// <remarks>
/// A broker that froze, or a network that swallows packets, closes no connection and reports nothing. So after some silence it is asked
/// where its partitions end; if no answer comes, the broker counts as away from the time of the question. Used by the intake's thread
/// alone.
/// </remarks>
internal sealed class BrokerSilence(EndOffsetProbe probe, Action ask, TimeProvider clock)
{
    private static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(5);
    private long heardAt;

    /// <summary>Something came from it.</summary>
    public void Heard() => heardAt = clock.GetTimestamp();

    /// <summary>Nothing came for a moment. Since when its answer has been missing, epoch milliseconds; 0 while none is.</summary>
    public long Listen()
    {
        if (clock.GetElapsedTime(heardAt) > AskAfter)
        {
            heardAt = clock.GetTimestamp();
            ask();
        }

        return probe.UnansweredSince;
    }

    /// <summary>True when it has answered a question that was asked after this moment.</summary>
    public bool HasAnsweredSince(long at) => probe.Latest?.AskedAt > at;
}
