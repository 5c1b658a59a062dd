using Microsoft.Extensions.Logging;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Commits;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Kafka.Client;

namespace Streaming.Kafka.Reading;

/// <summary>Live intake: records as they come, the machine's clock, and wakes once every partition is read past them.</summary>
public sealed class LiveSource : IBatchSource
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);
    private readonly KafkaSource kafka;
    private readonly TimeProvider clock;
    private readonly long startAt;
    private long now;
    private long askedAt;

    private LiveSource(KafkaSource kafka, long startAt, TimeProvider clock)
    {
        this.kafka = kafka;
        this.clock = clock;
        this.startAt = startAt;
        now = startAt;
    }

    /// <summary>A live source over the topics of the contract.</summary>
    /// <param name="head">What the store holds: positions and the clock.</param>
    public static IBatchSource Connect(
        KafkaSettings settings, InputTopics topics, ITopicIdentity identity, StoreHead head, CommitSettings limits, TimeProvider clock,
            ILogger log) =>
        new LiveSource(new KafkaSource(settings, topics, identity, head, limits, clock, log), head.Now, clock);

    /// <inheritdoc/>
    public SourceStatus Status => kafka.Status;

    /// <inheritdoc/>
    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        nextDue = Math.Max(nextDue, startAt); // a shard that has not looked yet says "long ago"
        var untilDue = nextDue - clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (untilDue <= 0 && kafka.Proven < nextDue)
        {
            if (clock.GetElapsedTime(askedAt) > AskEvery)
            {
                askedAt = clock.GetTimestamp();
                kafka.AskEnds();
            }

            wait = TimeSpan.FromMilliseconds(5);
        }
        else if (untilDue < wait.TotalMilliseconds)
        {
            wait = TimeSpan.FromMilliseconds(Math.Max(untilDue, 0));
        }

        kafka.Read(batch, wait, stop);
        kafka.Report(batch);
        now = Math.Max(now, clock.GetUtcNow().ToUnixTimeMilliseconds());
        batch.Segments.Add(new Segment(batch.Records.Count, now, Math.Min(now, kafka.Proven)));
    }

    /// <inheritdoc/>
    public void Hold(TimeSpan time) => kafka.Hold(time);

    /// <inheritdoc/>
    public void Dispose() => kafka.Dispose();
}
