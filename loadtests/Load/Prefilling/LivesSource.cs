using Streaming.Loadtests;
using Streaming.Pipeline.Hosting;
using Streaming.Pipeline.Sources;

namespace Streaming.Load.Prefilling;

/// <summary>Hands members' past to a host without a broker in between: the events, on their own clock, as fast as commits follow.</summary>
/// <remarks>
/// What the host does with them is what it does with a replay's records: decode, core, commits, snapshots, wakes at every minute of the
/// events' time, blocks. Used by the intake's thread alone; <see cref="Done"/> and <see cref="Finished"/> by any.
/// </remarks>
/// <param name="lives">The lives; disposed with the source.</param>
/// <param name="from">When they begin, epoch milliseconds.</param>
/// <param name="to">When they end.</param>
/// <param name="events">Their events, evenly in between.</param>
public sealed class LivesSource(MemberLives lives, long from, long to, long events) : IBatchSource
{
    private const int Stretch = 16_384;
    private const long Resolution = 60_000;
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long[] offsets = new long[InputTopics.All.Count];
    private long done;
    private long clock; // the members', which is as far as wakes are proven

    /// <inheritdoc/>
    public SourceStatus Status { get; } = new();

    /// <summary>Events handed on.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>Completes when all events have been handed on and every wake of their time has acted.</summary>
    public Task Finished => finished.Task;

    /// <summary>When one of the events happens.</summary>
    /// <param name="index">Which, from 0.</param>
    public static long At(long from, long to, long events, long index) => from + (long)((Int128)(to - from) * index / events);

    /// <inheritdoc/>
    public void Fill(Batch batch, TimeSpan wait, long nextDue, CancellationToken stop)
    {
        for (var n = 0; n < Stretch && done < events; n++)
        {
            var at = At(from, to, events, done);
            if (at >= clock + Resolution)
            {
                if (batch.Records.Count > 0) batch.Segments.Add(new Segment(batch.Records.Count, clock, long.MinValue));
                batch.Segments.Add(new Segment(batch.Records.Count, at, at));
                clock = at;
            }

            lives.Next(at);
            Add(batch, at);
            Interlocked.Increment(ref done);
        }

        var ended = done == events && batch.Records.Count == 0;
        batch.Segments.Add(ended ? new Segment(0, to, to) : new Segment(batch.Records.Count, clock, long.MinValue));
        if (!ended || nextDue <= to) return;
        finished.TrySetResult();
        stop.WaitHandle.WaitOne(wait);
    }

    /// <inheritdoc/>
    public void Hold(TimeSpan time) => Thread.Sleep(time);

    /// <inheritdoc/>
    public void Dispose() => lives.Dispose();

    private void Add(Batch batch, long at)
    {
        var key = lives.Key;
        var value = lives.Value;
        var span = batch.Reserve(key.Length + value.Length, out var start);
        key.CopyTo(span);
        value.CopyTo(span[key.Length..]);
        batch.Add(lives.Topic, 0, offsets[(int)lives.Topic]++, at, (start, key.Length), (start + key.Length, value.Length), (0, 0));
    }
}
