using System.Text;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Sources;
using Streaming.Pipeline.Store;

namespace Streaming.TestKit.Scenarios;

/// <summary>Feeds steps to a host in batches of chosen sizes, from the step its store stopped at up to a given one.</summary>
/// <param name="sizes">How many steps come together, over and over.</param>
/// <param name="until">The step to stop before: where a crash is to come, or the end.</param>
public sealed class ScenarioSource(IReadOnlyList<Step> steps, IReadOnlyList<int> sizes, int until, StoreHead head) : IBatchSource
{
    private const string Position = "scenario";
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int next = (int)head.Positions.FirstOrDefault(p => p.Topic == Position).Next;
    private int turn;
    private long now = head.Now;

    /// <inheritdoc/>
    public SourceStatus Status { get; } = new();

    /// <summary>Completes when all steps have been handed over and no wake is left before the last moment.</summary>
    public Task Finished => finished.Task;

    /// <inheritdoc/>
    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        if (next >= until)
        {
            batch.Segments.Add(new Segment(0, now, long.MinValue));
            finished.TrySetResult();
            stop.WaitHandle.WaitOne(wait);
            return;
        }

        for (var n = sizes[turn++ % sizes.Count]; n > 0 && next < until; n--) Add(batch, steps[next++]);
        batch.Positions.Add(new PartitionPosition(Position, 0, Position, next));
    }

    /// <inheritdoc/>
    public void Hold(TimeSpan time) => Thread.Sleep(time);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Add(Batch batch, Step step)
    {
        now = step.Now;
        if (step.Topic is not { } topic)
        {
            batch.Segments.Add(new Segment(batch.Records.Count, now, now));
            return;
        }

        var key = Encoding.UTF8.GetBytes(step.Key);
        var value = Encoding.UTF8.GetBytes(step.Value);
        var span = batch.Reserve(key.Length + value.Length, out var start);
        key.CopyTo(span);
        value.CopyTo(span[key.Length..]);
        batch.Add(topic, 0, next, now, (start, key.Length), (start + key.Length, value.Length), (0, 0));
        batch.Segments.Add(new Segment(batch.Records.Count, now, long.MinValue));
    }
}
