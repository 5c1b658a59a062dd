using Microsoft.Extensions.DependencyInjection;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Rules;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Events;

namespace Streaming.GrainsCost;

/// <summary>What the batches are measured against: one awaited call of a member's grain for
/// every event, the members' state in its memory alone.</summary>
internal static class PlainCost
{
    public static async Task<Cost> RunAsync(Inputs inputs, CancellationToken stop)
    {
        await using var cluster = await CostSilos.StartAsync(1, null, stop);
        var grains = cluster.Silos[0].GetRequiredService<IGrainFactory>();
        var applied = 0L;
        var meter = new Meter();
        await Task.WhenAll(inputs.Partitions.Select(records => Task.Run(async () =>
        {
            foreach (var record in records)
            {
                var grain = grains.GetGrain<IPlainMember>(System.Text.Encoding.UTF8.GetString(record.Key));
                if (await grain.ApplyAsync(record.Topic, record.Timestamp, record.Value.ToArray())) Interlocked.Increment(ref applied);
            }
        }, stop)));
        return meter.Stop(applied, $"{inputs.Partitions.Count} calls under way at a time");
    }
}

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
    private static readonly ThreadLocal<(MemberApplier Applier, OutputPart Part)> Applier = new(() =>
        (new MemberApplier(_ => RulesLoader.Load("{}").Rules!, new ShardOutput(new RowCollector(new byte[32]), outside: true)),
            new OutputPart()));

    private static readonly Members.Rules.RuleSet Rules = RulesLoader.Load("{}").Rules!;
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
