using Streaming.Engine.Batches;

namespace Streaming.Engine.Sources;

/// <summary>A source without records that moves the clock to one moment. It brings a replayed store to the present before the store goes
/// live.</summary>
/// <param name="moment">Epoch milliseconds; wakes due by then act, each at its own due time, as in
/// the replay: quiet hours are judged on the data's day, not today's.</param>
public sealed class ClockSource(long moment) : IBatchSource
{
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public SourceStatus Status { get; } = new();

    /// <summary>Completes when no wake is due before the moment.</summary>
    public Task Finished => finished.Task;

    /// <inheritdoc/>
    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        batch.Segments.Add(new Segment(0, Segment.OwnTime, moment));
        batch.Segments.Add(new Segment(0, moment, long.MinValue));
        if (nextDue <= moment) return;
        finished.TrySetResult();
        stop.WaitHandle.WaitOne(wait);
    }

    /// <inheritdoc/>
    public void Hold(TimeSpan time) => Thread.Sleep(time);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
