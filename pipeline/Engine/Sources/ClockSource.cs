using Streaming.Engine.Batches;

namespace Streaming.Engine.Sources;

/// <summary>No records, only time up to one moment. How a replayed store is brought to the present before it goes live.</summary>
/// <param name="moment">Epoch milliseconds; wakes due by then act, each at its own due time, as in
/// the replay: nothing waits for the next morning of the present.</param>
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
