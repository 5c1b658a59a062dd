using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Tracing;
using Streaming.Engine.Turns;
using Streaming.Members;

namespace Streaming.Grains.Actors;

/// <summary>Does a member's work, record by record. What the program fails on is refused or put aside; the rest goes on.</summary>
/// <remarks>
/// When a failure leaves the member half changed, the work is done again on the stored state: the records before the failure are applied
/// without sending their effects a second time, and the record that failed is left out.
/// </remarks>
internal readonly struct MemberWorkRun(MemberWork work, Member member, ApplyContext context, Aside aside)
{
    private long Now => work.Group.Now;

    private Streaming.Members.Rules.RuleSet Rules => work.Group.Rules;

    /// <summary>Runs it. <see cref="TurnEnd.Broken"/> asks for another run on the state as stored.</summary>
    public TurnEnd Run()
    {
        if (work.Done > 0 || work.Refused.Count > 0) context.Applier.CopyBeforeTurns();
        var changed = false;
        for (var i = 0; i < work.Records.Count; i++)
        {
            var end = work.Refused.Contains(i) ? TurnEnd.Refused : Follow(i);
            if (end == TurnEnd.Broken) return TurnEnd.Broken;
            if (end == TurnEnd.Refused) end = TakeRefusals(i);
            changed |= end == TurnEnd.Changed;
        }

        work.Done = work.Records.Count;
        if (member.Due <= work.Proven && !aside.Contains(member.Id.Span, Rules.Hash))
        {
            var end = context.Applier.Wake(member, work.Proven, Now, Rules, context.Part);
            if (PutAside(EventlessKind.Wake, end)) return TurnEnd.Broken;
            if (end == TurnEnd.Changed) context.Part.Counts.Wakes++;
            changed |= end == TurnEnd.Changed;
        }

        if (work.Settle && !aside.Contains(member.Id.Span, Rules.Hash))
        {
            var end = context.Applier.Settle(member, Now, Rules, context.Part);
            if (PutAside(EventlessKind.Settle, end)) return TurnEnd.Broken;
            changed |= end == TurnEnd.Changed;
        }

        return changed ? TurnEnd.Changed : TurnEnd.Same;
    }

    /// <summary>Applies a record, inside a span when its trace is sampled. A record that is applied again gets no second span.</summary>
    private TurnEnd Follow(int index)
    {
        if (!Spans.Heard || index < work.Done) return Apply(index);
        var from = context.Part.Messages.WrittenCount;
        using var turn = Spans.Apply(Spans.Read(work.Records[index], context.Sampling));
        var end = Apply(index);
        context.Part.Follow(turn, from);
        return end;
    }

    private TurnEnd Apply(int index)
    {
        var record = work.Records[index];
        var leaves = index >= work.Done;
        var part = leaves ? context.Part : context.Nothing;
        var decoded = context.Applier.Decode(record, Rules, part, leaves);
        var end = decoded ? context.Applier.Apply(member, record, Now, Rules, part, leaves) : TurnEnd.Same;
        if (context.Applier.Fault is not { } fault) return end;
        context.Poison.Record(record.Topic, record.Partition, record.Offset, fault);
        if (decoded) context.Applier.Refuse(record, part, leaves);
        work.Refused.Add(index);
        work.Done = Math.Max(work.Done, index);
        return decoded ? end : TurnEnd.Refused;
    }

    /// <summary>Applies what a record the program failed on refuses of consent, where that alone can be read and applied.</summary>
    private TurnEnd TakeRefusals(int index)
    {
        var record = work.Records[index] with { Refused = RejectReason.Internal };
        var leaves = index >= work.Done;
        var part = leaves ? context.Part : context.Nothing;
        var end = context.Applier.Decode(record, Rules, part, leaves: false)
            ? context.Applier.Apply(member, record, Now, Rules, part, leaves) : TurnEnd.Same;
        work.Done = Math.Max(work.Done, index + 1);
        return end == TurnEnd.Changed ? end : TurnEnd.Same;
    }

    /// <summary>Puts the member aside when the program failed on it; true when it is to be done again.</summary>
    private bool PutAside(EventlessKind kind, TurnEnd end)
    {
        if (end is TurnEnd.Same or TurnEnd.Changed) return false;
        context.Poison.Turn(kind, context.Applier.Fault!);
        aside.Add(member.Id.Span, Rules.Hash);
        return end == TurnEnd.Broken;
    }
}
