using Streaming.Engine.Batches;
using Streaming.Engine.Turns;

namespace Streaming.Engine.Shards;

/// <summary>Applies batches to the members of one shard: segment by segment its records, then the turns without an event.</summary>
/// <remarks>
/// When this program fails on a record, the record becomes a dead letter; when it fails on a member that is due, the member is put aside.
/// Its former state is restored (<see cref="MemberRebuild"/>). Any other fault (the store's, the machine's) stops the host: only recovery
/// from the store restores a state. Used by the shard's thread alone, but for <see cref="Settling"/>.
/// </remarks>
public sealed class BatchApplier : IDisposable
{
    /// <summary>For how many records at a time their members' memory is asked for.</summary>
    private const int Ahead = 8;

    private readonly ShardOutput output;
    private readonly RecordTurns records;
    private readonly EventlessTurns eventless;
    private ulong announced;

    /// <summary>An applier for the members of one shard.</summary>
    /// <param name="members">The members; disposed of with this.</param>
    /// <param name="history">What members are brought back from.</param>
    /// <param name="output">Encodes what leaves; disposed of with this.</param>
    /// <param name="poison">Is told of what the program fails on.</param>
    /// <param name="wakesPerSegment">Wakes acted on after one segment; the rest follow with the next batch.</param>
    public BatchApplier(ShardMembers members, CommitHistory history, ShardOutput output, PoisonLog poison, int wakesPerSegment)
    {
        Members = members;
        this.output = output;
        var applier = new MemberApplier(history.RulesOf, output);
        var rebuild = new MemberRebuild(history, members.Stored, applier);
        records = new RecordTurns(members, applier, rebuild, poison);
        eventless = new EventlessTurns(members, applier, rebuild, poison, wakesPerSegment);
    }

    /// <summary>The members.</summary>
    public ShardMembers Members { get; }

    /// <summary>True while members remain to be brought under new rules. Any thread may ask.</summary>
    public bool Settling => Members.Unsettled.Running;

    /// <summary>Applies a batch; the shard's result is complete then.</summary>
    public void Apply(Batch batch)
    {
        var index = Members.Share.Index;
        var result = batch.Results[index];
        if (index == 0 && !batch.Recovering) Announce(batch);
        Members.Begin(batch);
        ApplySegments(batch, batch.RecordsOf(index), result);
        if (!batch.Recovering && batch.Segments.Count > 0) eventless.Settle(batch, result);
        Members.Finish(batch, result);
        if (!batch.Recovering) output.Finish(result);
        result.Counts.Members = result.Counts.Members with { Aside = eventless.Aside };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Members.Dispose();
        output.Dispose();
    }

    private void ApplySegments(Batch batch, ReadOnlySpan<Routed> mine, ShardResult result)
    {
        var next = 0;
        for (var s = 0; s < batch.Segments.Count; s++)
        {
            var end = batch.Segments[s].End;
            for (; next < mine.Length && mine[next].Index < end; next++)
            {
                if (next % Ahead == 0) Members.Expect(mine[next..Math.Min(next + Ahead, mine.Length)]);
                records.Take(batch, mine[next], s, result);
            }

            if (batch.Recovering) eventless.Repeat(batch, s, result);
            else eventless.Wake(batch, s, result);
        }
    }

    /// <summary>What is of the whole batch and no member's leaves with one shard's rows.</summary>
    private void Announce(Batch batch)
    {
        output.Skipped(batch.Skipped);
        if (batch.Rules.Hash == announced) return;
        output.RulesChanged(batch.Rules, batch.Segments[^1].Now);
        announced = batch.Rules.Hash;
    }
}
