using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Tracing;
using Streaming.Engine.Turns;

namespace Streaming.Engine.Shards;

/// <summary>Applies records of a batch to their members. A record the program fails on becomes a dead letter, and its member is as it was
/// before. Used by the shard's thread.</summary>
internal sealed class RecordTurns(ShardMembers members, MemberApplier applier, MemberRebuild rebuild, PoisonLog poison)
{
    /// <summary>Applies one record.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="routed">Which record.</param>
    /// <param name="segmentIndex">Index of its segment.</param>
    /// <param name="result">Receives what leaves and the counts.</param>
    public void Take(Batch batch, Routed routed, int segmentIndex, ShardResult result)
    {
        if (batch.Traces.Count == 0)
        {
            Apply(batch, routed, segmentIndex, result);
            return;
        }

        var from = result.Messages.WrittenCount;
        using var turn = Spans.Apply(batch.TraceOf(routed.Index));
        Apply(batch, routed, segmentIndex, result);
        result.Follow(turn, from);
    }

    private void Apply(Batch batch, Routed routed, int segmentIndex, ShardResult result)
    {
        var record = batch.Records[routed.Index];
        var now = batch.Segments[segmentIndex].Now;
        if (record.Refused == RejectReason.Internal && batch.Recovering)
        {
            TakeRefusals(batch, routed, now, result);
            return;
        }

        if (!applier.Decode(record, batch.Rules, result, !batch.Recovering))
        {
            if (applier.Fault is not { } fault) return;
            Refused(batch, routed.Index, fault);
            TakeRefusals(batch, routed, now, result);
            return;
        }

        var member = members.Get(applier.Event.Member.Span, routed.Key); // the decoder saw that the key is the member
        if (member.Contains(batch)) return;
        var end = applier.Apply(member.State, record, now, batch.Rules, result, !batch.Recovering);
        if (end == TurnEnd.Changed) members.Changed(member, batch);
        if (end is TurnEnd.Same or TurnEnd.Changed) return;
        applier.Refuse(record, result, !batch.Recovering);
        Refused(batch, routed.Index, applier.Fault!);
        if (end == TurnEnd.Broken) rebuild.Run(member.State, batch, routed.Index, Before(batch, result, segmentIndex));
        TakeRefusals(batch, routed, now, result);
    }

    /// <summary>Applies what a record the program failed on refuses of consent, where that alone can be read and applied.</summary>
    private void TakeRefusals(Batch batch, Routed routed, long now, ShardResult result)
    {
        var record = batch.Records[routed.Index];
        if (!applier.Decode(record, batch.Rules, result, leaves: false)) return; // it is a dead letter already
        var member = members.Get(applier.Event.Member.Span, routed.Key);
        if (member.Contains(batch)) return;
        if (applier.Apply(member.State, record, now, batch.Rules, result, !batch.Recovering) == TurnEnd.Changed)
            members.Changed(member, batch);
    }

    private void Refused(Batch batch, int index, Exception fault)
    {
        var record = batch.Records[index];
        batch.Refuse(index, RejectReason.Internal);
        poison.Record(record.Topic, record.Partition, record.Offset, fault);
    }

    /// <summary>The eventless turns of the batch before those of this segment.</summary>
    private static IEnumerable<EventlessTurn> Before(Batch batch, ShardResult result, int segmentIndex) =>
        batch.Recovering ? batch.Recorded.Where(t => t.Segment < segmentIndex) : result.EventlessTurns;
}
