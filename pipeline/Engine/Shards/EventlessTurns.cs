using Streaming.Engine.Batches;
using Streaming.Engine.Turns;

namespace Streaming.Engine.Shards;

/// <summary>The turns without an event: wakes of members that are due, and settles of those that come under other rules. A member the
/// program fails on is put aside. Used by the shard's thread.</summary>
/// <param name="mostWakes">Wakes acted on after one segment.</param>
internal sealed class EventlessTurns(ShardMembers members, MemberApplier applier, MemberRebuild rebuild, PoisonLog poison, int mostWakes)
{
    private readonly AsideMembers aside = new();

    /// <summary>Members put aside.</summary>
    public int Aside => aside.Count;

    /// <summary>Wakes the members that are due by what the segment proves.</summary>
    public void Wake(Batch batch, int segmentIndex, ShardResult result)
    {
        var segment = batch.Segments[segmentIndex];
        for (var woken = 0; woken < mostWakes && members.TryTakeDue(segment.Proven, out var id);)
        {
            if (aside.Contains(id, batch.Rules.Hash)) continue;
            var member = members.Get(id);
            woken++;
            if (member.State.Due > segment.Proven)
            {
                members.Postpone(member, batch);
                continue;
            }

            if (!Wake(member, batch, segment, result, result.EventlessTurns)) continue;
            result.EventlessTurns.Add(new EventlessTurn(segmentIndex, EventlessKind.Wake, id));
            result.Counts.Wakes++;
        }
    }

    /// <summary>Brings the next members under the rules of the batch.</summary>
    public void Settle(Batch batch, ShardResult result) =>
        members.Unsettled.Run(batch, id => Settle(batch, id, result, result.EventlessTurns));

    /// <summary>Recovery: the turns that the commit has for this segment.</summary>
    public void Repeat(Batch batch, int segmentIndex, ShardResult result)
    {
        foreach (var turn in batch.Recorded)
        {
            if (turn.Segment != segmentIndex || !members.Share.Holds(turn.Id)) continue;
            var before = batch.Recorded.TakeWhile(t => !ReferenceEquals(t.Id, turn.Id));
            if (turn.Kind == EventlessKind.Settle)
            {
                Settle(batch, turn.Id, result, before);
                continue;
            }

            var member = members.Get(turn.Id);
            if (!member.Contains(batch)) Wake(member, batch, batch.Segments[segmentIndex], result, before);
        }
    }

    /// <summary>Wakes a member; false when the program failed on it, and it is put aside.</summary>
    /// <param name="before">The batch's eventless turns before this one.</param>
    private bool Wake(CachedMember member, Batch batch, in Segment segment, ShardResult result, IEnumerable<EventlessTurn> before)
    {
        var end = applier.Wake(member.State, segment.Proven, segment.Now, batch.Rules, result, !batch.Recovering);
        if (end == TurnEnd.Changed)
        {
            members.Changed(member, batch);
            return true;
        }

        PutAside(EventlessKind.Wake, member, batch, end, segment.End, before);
        return false;
    }

    private void Settle(Batch batch, byte[] id, ShardResult result, IEnumerable<EventlessTurn> before)
    {
        var member = members.Get(id);
        if (member.Contains(batch)) return;
        switch (applier.Settle(member.State, batch.Segments[^1].Now, batch.Rules, result, !batch.Recovering))
        {
            case TurnEnd.Same:
                return;
            case TurnEnd.Changed:
                if (!batch.Recovering) result.EventlessTurns.Add(new EventlessTurn(batch.Segments.Count - 1, EventlessKind.Settle, id));
                members.Changed(member, batch);
                return;
            case var end:
                PutAside(EventlessKind.Settle, member, batch, end, batch.Records.Count, before);
                return;
        }
    }

    private void PutAside(EventlessKind kind, CachedMember member, Batch batch, TurnEnd end, int records, IEnumerable<EventlessTurn> before)
    {
        poison.Turn(kind, applier.Fault!);
        if (end == TurnEnd.Broken) rebuild.Run(member.State, batch, records, before);
        aside.Add(member.State.Id.Span, batch.Rules.Hash);
    }
}
