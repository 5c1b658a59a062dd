using System.Collections.Concurrent;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Tracing;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Grains.Actors;

/// <summary>What applying needs and is too large to have per member: decoder, effect buffer,
/// rows, messages. Used by one grain's turn at a time.</summary>
internal sealed class ApplyContext(MemberApplier applier, ShardOutput output, PoisonLog poison, TraceSampling sampling) : IDisposable
{
    private readonly SnapshotWriter writer = new();

    public MemberApplier Applier { get; } = applier;

    public ApplyResult Part { get; } = new();

    /// <summary>Takes the output of records that are applied again, which <see cref="Part"/> has already.</summary>
    public ApplyResult Nothing { get; } = new();

    public PoisonLog Poison { get; } = poison;

    public ShardOutput Output { get; } = output;

    public TraceSampling Sampling { get; } = sampling;

    public byte[] Snapshot(Member member)
    {
        writer.Clear();
        member.Write(writer);
        return writer.Written.ToArray();
    }

    public void Dispose() => Output.Dispose();
}

/// <summary>All contexts of a silo: at most one per turn that runs at the same time, for each commit group under way.
/// Thread-safe.</summary>
internal sealed class ApplyContextPool(Storage.IClusterRules rules, PseudonymKey key, PoisonLog poison, TraceSampling sampling)
{
    private readonly ConcurrentBag<ApplyContext> free = [];

    public ApplyContext Take()
    {
        if (free.TryTake(out var context)) return context;
        var output = new ShardOutput(new RowCollector(key.Bytes), outside: true);
        return new ApplyContext(new MemberApplier(rules.Find, output), output, poison, sampling);
    }

    public void Return(ApplyContext context)
    {
        context.Output.Finish(context.Part); // rows of a group that was given up: the next one must not write them
        context.Part.Clear();
        context.Nothing.Clear();
        free.Add(context);
    }
}

/// <summary>The contexts one group uses: what its members' turns left there goes into one commit.</summary>
internal sealed class GroupContexts(ApplyContextPool pool)
{
    private readonly ConcurrentBag<ApplyContext> free = [];
    private readonly ConcurrentBag<ApplyContext> all = [];

    public ApplyContext Rent()
    {
        if (free.TryTake(out var context)) return context;
        context = pool.Take();
        all.Add(context);
        return context;
    }

    public void Return(ApplyContext context) => free.Add(context);

    /// <summary>Leaves word that other rules are in force.</summary>
    public void RulesChanged(RuleSet inForce, long now)
    {
        var context = Rent();
        context.Output.RulesChanged(inForce, now);
        Return(context);
    }

    /// <summary>What all turns left. Called once none runs any more.</summary>
    public IReadOnlyList<ApplyResult> Finish()
    {
        foreach (var context in all) context.Output.Finish(context.Part);
        return [.. all.Select(b => b.Part)];
    }

    /// <summary>Gives the contexts back; what <see cref="Finish"/> gave is empty from here on.</summary>
    public void Release()
    {
        foreach (var context in all) pool.Return(context);
        all.Clear();
        free.Clear();
    }
}

/// <summary>The key of the members' pseudonyms in ClickHouse: one for the whole cluster.</summary>
/// <param name="Bytes">32 bytes.</param>
public sealed record PseudonymKey(byte[] Bytes);
