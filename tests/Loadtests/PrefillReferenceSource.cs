using System.Text;
using Streaming.Engine.Batches;
using Streaming.Engine.Sources;
using Streaming.Loadtests.Load.Prefilling;

namespace Streaming.Loadtests.Tests;

/// <summary>Hands the same pasts to the real host, everybody's events side by side in the
/// order of time, and lets each wake act at its instant.</summary>
/// <remarks>With one batch on its way at a time, so that the host knows what is due before it is asked for the next.</remarks>
internal sealed class PrefillReferenceSource : IBatchSource
{
    private readonly PastPlan plan;
    private readonly List<Event> events = [];
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int next;
    private long now;

    public PrefillReferenceSource(PastPlan plan)
    {
        this.plan = plan;
        now = plan.From;
        using var life = new MemberPast(plan);
        for (var who = 0; who < plan.Members; who++)
        {
            life.Begin(who);
            while (life.Next()) events.Add(new Event(life.At, life.Topic, life.Key, life.Value.ToArray()));
        }

        events.Sort((a, b) => a.At.CompareTo(b.At));
    }

    public SourceStatus Status { get; } = new();

    /// <summary>Completes when all events have been applied and no wake is left before the end.</summary>
    public Task Finished => finished.Task;

    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        var until = next < events.Count ? events[next].At : plan.To;
        if (nextDue <= until)
        {
            now = Math.Max(now, nextDue);
            batch.Segments.Add(new Segment(0, now, now));
        }
        else if (next < events.Count)
        {
            now = until;
            Add(batch, events[next++]);
            batch.Segments.Add(new Segment(1, now, long.MinValue));
        }
        else
        {
            batch.Segments.Add(new Segment(0, now, long.MinValue));
            finished.TrySetResult();
            stop.WaitHandle.WaitOne(wait);
        }
    }

    public void Hold(TimeSpan time) => Thread.Sleep(time);

    public void Dispose()
    {
    }

    private void Add(Batch batch, Event e)
    {
        var span = batch.Reserve(e.Key.Length + e.Value.Length, out var start);
        e.Key.CopyTo(span);
        e.Value.CopyTo(span[e.Key.Length..]);
        batch.Add(e.Topic, 0, next, e.At, (start, e.Key.Length), (start + e.Key.Length, e.Value.Length), (0, 0));
    }

    private sealed record Event(long At, Members.Events.Topic Topic, byte[] Key, byte[] Value);
}
