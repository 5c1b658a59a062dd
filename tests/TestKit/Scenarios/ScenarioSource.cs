using System.Text;
using Streaming.App.Hosting;
using Streaming.Engine.Batches;
using Streaming.Engine.Rules;
using Streaming.Engine.Sources;
using Streaming.Engine.Storing;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.TestKit.Scenarios;

/// <summary>Feeds steps to a host in batches of chosen sizes, from the step its store stopped at up to a given one.</summary>
/// <param name="sizes">How many steps come together, over and over.</param>
/// <param name="until">The step to stop before: where a crash is to come, or the end.</param>
/// <param name="host">Whose source it is; its store says where to go on.</param>
/// <param name="signals">What members tell each other.</param>
/// <param name="flaw">A mistake of the program, planted in rules as they change.</param>
public sealed class ScenarioSource(
    IReadOnlyList<Step> steps, IReadOnlyList<int> sizes, int until, EmbeddedHost host, SignalLog signals,
        Action<RuleSet>? flaw = null) : IBatchSource
{
    private const string Position = "scenario";
    private const string SignalPosition = "scenario.signals";
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int next = (int)host.Store.Head.Positions.FirstOrDefault(p => p.Topic == Position).Next;
    private int nextSignal = (int)host.Store.Head.Positions.FirstOrDefault(p => p.Topic == SignalPosition).Next;
    private int turn;
    private long now = host.Store.Head.Now;

    /// <inheritdoc/>
    public SourceStatus Status { get; } = new();

    /// <summary>Completes when all steps have been handed over and no wake is left before the last moment.</summary>
    public Task Finished => finished.Task;

    /// <summary>True when all that was handed over is durable and sent.</summary>
    public static bool Settled(EmbeddedHost host) => host.Durable >= host.LastPosted && host.Messages.Sent >= host.LastPosted;

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

        if (!Alone(steps[next]))
        {
            for (var n = sizes[turn++ % sizes.Count]; n > 0 && next < until && !Alone(steps[next]); n--) Add(batch, steps[next++]);
        }
        else if (Settled(host))
        {
            now = steps[next].Now;
            if (steps[next].ReadsSignals) ReadSignals(batch);
            else ChangeRules(batch, steps[next].Value);
            next++;
        }
        else
        {
            batch.Segments.Add(new Segment(0, now, long.MinValue));
            stop.WaitHandle.WaitOne(wait);
            return;
        }

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
            batch.Segments.Add(new Segment(batch.Records.Count, now, step.Proven));
            return;
        }

        Add(batch, topic, next, Encoding.UTF8.GetBytes(step.Key), Encoding.UTF8.GetBytes(step.Value));
        batch.Segments.Add(new Segment(batch.Records.Count, now, long.MinValue));
    }

    /// <summary>What depends on all before it having left: it comes in a batch of its own once it has.</summary>
    private static bool Alone(Step step) => step.ReadsSignals || step.ChangesRules;

    private void ChangeRules(Batch batch, string text)
    {
        var result = RulesLoader.Load(text, host.Rules.Current);
        var rules = result.Rules ?? throw new InvalidDataException(string.Join('\n', result.Errors));
        flaw?.Invoke(rules);
        host.Rules.Change(rules, text);
        batch.Segments.Add(new Segment(0, now, long.MinValue));
    }

    private void ReadSignals(Batch batch)
    {
        signals.Publish();
        for (; nextSignal < signals.Records.Count; nextSignal++)
        {
            Add(batch, Topic.Signals, nextSignal, signals.Records[nextSignal].Key, signals.Records[nextSignal].Value);
        }
        batch.Segments.Add(new Segment(batch.Records.Count, now, long.MinValue));
        batch.Positions.Add(new PartitionPosition(SignalPosition, 0, SignalPosition, nextSignal));
    }

    private void Add(Batch batch, Topic topic, long offset, byte[] key, byte[] value)
    {
        var span = batch.Reserve(key.Length + value.Length, out var start);
        key.CopyTo(span);
        value.CopyTo(span[key.Length..]);
        batch.Add(topic, 0, offset, now, (start, key.Length), (start + key.Length, value.Length), (0, 0));
    }
}
