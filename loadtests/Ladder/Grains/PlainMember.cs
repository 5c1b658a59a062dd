using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Rules;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>A member that is called for each event.</summary>
[Alias("cost.plain")]
public interface IPlainMember : IGrainWithStringKey
{
    /// <summary>Applies one event; true when it was new.</summary>
    [Alias("apply")]
    Task<bool> ApplyAsync(Topic topic, long timestamp, byte[] value);
}

/// <inheritdoc/>
internal sealed class PlainMember : Grain, IPlainMember
{
    private static readonly ThreadLocal<(MemberApplier Applier, ApplyResult Part)> Applier = new(() =>
        (new MemberApplier(_ => RulesLoader.Load("{}").Rules!, new ShardOutput(new RowCollector(new byte[32]), outside: true)),
            new ApplyResult()));

    private static readonly RuleSet Rules = RulesLoader.Load("{}").Rules!;
    private readonly Member state = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        state.Reset(GrainContext.GrainId.Key.AsSpan());
        return Task.CompletedTask;
    }

    public Task<bool> ApplyAsync(Topic topic, long timestamp, byte[] value)
    {
        byte[] bytes = [.. state.Id.Span, .. value];
        var record = new InputRecord(topic, 0, 0, timestamp, bytes, 0, state.Id.Length, state.Id.Length, value.Length, bytes.Length, 0);
        var (applier, part) = Applier.Value;
        var fresh = applier.Decode(record, Rules, part) && applier.Apply(state, record, timestamp, Rules, part) == TurnEnd.Changed;
        part.Clear();
        return Task.FromResult(fresh);
    }
}
