using System.Collections.Concurrent;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Snapshots;

namespace Streaming.Grains.Actors;

/// <summary>What applying needs and is too large to have per member: decoder, effect buffer, rows, messages. Used by one grain's turn at a
/// time.</summary>
internal sealed class Bench(MemberApplier applier, ShardOutput output, PoisonLog poison) : IDisposable
{
    private readonly SnapshotWriter writer = new();

    public MemberApplier Applier { get; } = applier;

    public OutputPart Part { get; } = new();

    /// <summary>Takes the output of records that are applied again, which <see cref="Part"/> has already.</summary>
    public OutputPart Nothing { get; } = new();

    public PoisonLog Poison { get; } = poison;

    public ShardOutput Output { get; } = output;

    public byte[] Snapshot(Member member)
    {
        writer.Clear();
        member.Write(writer);
        return writer.Written.ToArray();
    }

    public void Dispose() => Output.Dispose();
}

/// <summary>All benches of a silo: as many as turns run at once, times the groups on their way. Thread-safe.</summary>
internal sealed class BenchPool(Storage.IClusterRules rules, PseudonymKey key, PoisonLog poison)
{
    private readonly ConcurrentBag<Bench> free = [];

    public Bench Take()
    {
        if (free.TryTake(out var bench)) return bench;
        var output = new ShardOutput(new RowCollector(key.Bytes), outside: true);
        return new Bench(new MemberApplier(rules.Find, output), output, poison);
    }

    public void Return(Bench bench)
    {
        bench.Part.Clear();
        bench.Nothing.Clear();
        free.Add(bench);
    }
}

/// <summary>The benches one group uses: what its members' turns left there goes into one commit.</summary>
internal sealed class GroupBenches(BenchPool pool)
{
    private readonly ConcurrentBag<Bench> free = [];
    private readonly ConcurrentBag<Bench> all = [];

    public Bench Rent()
    {
        if (free.TryTake(out var bench)) return bench;
        bench = pool.Take();
        all.Add(bench);
        return bench;
    }

    public void Return(Bench bench) => free.Add(bench);

    /// <summary>What all turns left. Called once none runs any more.</summary>
    public IReadOnlyList<OutputPart> Finish()
    {
        foreach (var bench in all) bench.Output.Finish(bench.Part);
        return [.. all.Select(b => b.Part)];
    }

    /// <summary>Gives the benches back; what <see cref="Finish"/> gave is empty from here on.</summary>
    public void Release()
    {
        foreach (var bench in all) pool.Return(bench);
        all.Clear();
        free.Clear();
    }
}

/// <summary>The key of the members' pseudonyms in ClickHouse: one for the whole cluster.</summary>
/// <param name="Bytes">32 bytes.</param>
public sealed record PseudonymKey(byte[] Bytes);
