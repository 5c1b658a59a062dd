using Streaming.Engine.Batches;
using Streaming.Engine.Sources;

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

    /// <summary>A live source.</summary>
    /// <param name="kafka">Reads the records; disposed of with this.</param>
    /// <param name="startAt">The members' clock as the store has it, epoch milliseconds.</param>
    /// <param name="clock">The machine's clock.</param>
    public LiveSource(KafkaSource kafka, long startAt, TimeProvider clock)
    {
        this.kafka = kafka;
        this.clock = clock;
        this.startAt = startAt;
        now = startAt;
    }

    /// <inheritdoc/>
    public SourceStatus Status => kafka.Status;

    /// <inheritdoc/>
    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        nextDue = Math.Max(nextDue, startAt); // a shard that has not read its wakes yet gives long.MinValue
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
