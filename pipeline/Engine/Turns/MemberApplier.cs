using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Engine.Turns;

/// <summary>The result of one input for a member.</summary>
public enum TurnEnd : byte
{
    /// <summary>It did not change.</summary>
    Same = 0,

    /// <summary>It changed.</summary>
    Changed = 1,

    /// <summary>The program failed (<see cref="MemberApplier.Fault"/>); the member is
    /// as it was, and nothing of the turn has left.</summary>
    Refused = 2,

    /// <summary>The program failed, and half of the turn may be in the member: the host
    /// brings it back. Nothing of the turn has left.</summary>
    Broken = 3,
}

/// <summary>Applies one record, wake or change of rules to one member and writes what leaves:
/// what every host of the member core has in common.</summary>
/// <remarks>
/// Used by one thread at a time; allocates nothing per event once warm. Which member it is, and when it becomes durable, is the host's
/// part. A failure of the core affects one turn only. Copying the member before every turn would cost about 10 % of all work.
/// So the first failure leaves the member broken; the next <see cref="CopiedTurns"/> turns take a copy first, since failures seldom come
/// alone.
/// </remarks>
/// <param name="find">The rules of a hash that a member was settled under.</param>
/// <param name="output">Turns effects into the bytes that leave.</param>
public sealed class MemberApplier(Func<ulong, RuleSet> find, ShardOutput output)
{
    /// <summary>Turns after a failure before which the member is copied.</summary>
    public const int CopiedTurns = 100_000;

    private readonly EventDecoder decoder = new();
    private readonly EffectBuffer effects = new();
    private readonly SnapshotWriter copy = new();
    private int copiesLeft;
    private bool rejected; // the last record has become a dead letter

    /// <summary>The event of the last record that was decoded; its texts are borrowed from that record.</summary>
    public MemberEvent Event { get; } = new();

    /// <summary>The failure of this program in the last call; null when there was none.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Decodes a record into <see cref="Event"/>; a rejected record becomes a dead letter, and the consent it withdraws becomes an
    /// event of its own.</summary>
    /// <param name="record">The record. Of one this program failed on
    /// (<see cref="RejectReason.Internal"/>) only the refusals are read.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="result">Receives the dead letter and the count.</param>
    /// <param name="leaves">False while a durable commit is repeated: what it caused has left already.</param>
    /// <returns>False when there is nothing to apply.</returns>
    public bool Decode(in InputRecord record, RuleSet rules, ApplyResult result, bool leaves = true)
    {
        Fault = null;
        rejected = false;
        var reason = record.Refused;
        var field = "";
        var earliest = rules.Input.EarliestAt;
        try
        {
            if (reason != RejectReason.Internal)
            {
                var verdict = decoder.Decode(record, Event, earliest); // also of one that was cut: for the refusals in it
                if (reason == RejectReason.None)
                {
                    if (verdict == RejectReason.None) return true;
                    (reason, field) = (verdict, decoder.LastField);
                }
            }

            if (leaves) Reject(record, reason, field, result);
            rejected = true;
            return decoder.ReadRefusals(record, Event, earliest);
        }
        catch (Exception e) when (PoisonLog.IsPoison(e))
        {
            Fault = e;
            Refuse(record, result, leaves);
            return false;
        }
    }

    /// <summary>A record this program failed on becomes a dead letter, unless it is one already. What it refuses of consent is the host's
    /// to ask for (<see cref="Decode"/>).</summary>
    public void Refuse(in InputRecord record, ApplyResult result, bool leaves = true)
    {
        if (leaves && !rejected) Reject(record, RejectReason.Internal, "", result);
        rejected = true;
    }

    /// <summary>Applies the decoded event to its member, brought under the rules first. What the member refuses becomes a dead letter, as
    /// what cannot be decoded does.</summary>
    /// <param name="member">The member.</param>
    /// <param name="record">The record of the event.</param>
    /// <param name="now">The members' clock, epoch milliseconds; <see cref="Segment.OwnTime"/>: the event's own time.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="result">Receives what leaves and the counts.</param>
    /// <param name="leaves">False while a durable commit is repeated: what it caused has left already.</param>
    /// <returns>What became of the member; what does not count changes it only when the rules did.</returns>
    public TurnEnd Apply(Member member, in InputRecord record, long now, RuleSet rules, ApplyResult result, bool leaves = true)
    {
        if (now == Segment.OwnTime) now = Event.At;
        var copied = false;
        try
        {
            copied = Copy(member);
            var before = member.Facets;
            var settled = BringUnderRules(member, rules, now);
            var lastActive = member.LastActive;
            var verdict = MemberCore.Apply(member, Event, now, rules, effects);
            if (verdict.IsRepeat())
            {
                result.Counts.Duplicates++;
                if (leaves) output.Duplicate(Event);
            }

            // A withdrawal of consent is applied although the rest of the event is rejected; but not that of a repeated event, because
            // consent may have been given again since.
            var heard = verdict;
            if (!verdict.IsApplied() && verdict != Verdict.Duplicate && decoder.ReadRefusals(record, Event, rules.Input.EarliestAt))
                heard = MemberCore.Apply(member, Event, now, rules, effects);
            if (heard.IsApplied())
            {
                if (leaves) output.Applied(result, member, Event, before, lastActive, effects, rules);
                result.Counts.Applied[(int)Event.Kind]++;
                result.Counts.Warn(Event.Warnings);
            }
            else if (leaves && settled)
            {
                output.Woken(result, member, before, effects, rules);
            }

            if (verdict.IsRefused() && leaves) Refuse(record, verdict, result);
            effects.Clear();
            return heard.IsApplied() || settled || verdict == Verdict.RepeatedPayment ? TurnEnd.Changed : TurnEnd.Same;
        }
        catch (Exception e) when (PoisonLog.IsPoison(e))
        {
            return Failed(member, copied, e);
        }
    }

    /// <summary>Looks at a member that may be due, all of its inputs up to <paramref name="proven"/> having been applied.</summary>
    /// <remarks>With <see cref="Segment.OwnTime"/> for <paramref name="now"/> each due time is judged as if it were now.</remarks>
    public TurnEnd Wake(Member member, long proven, long now, RuleSet rules, ApplyResult result, bool leaves = true)
    {
        var copied = false;
        try
        {
            copied = Copy(member);
            var before = member.Facets;
            BringUnderRules(member, rules, now);
            MemberCore.Wake(member, proven, now, rules, effects);
            if (leaves) output.Woken(result, member, before, effects, rules);
            effects.Clear();
            return TurnEnd.Changed;
        }
        catch (Exception e) when (PoisonLog.IsPoison(e))
        {
            return Failed(member, copied, e);
        }
    }

    /// <summary>Brings a member under the rules; the same when it was under them.</summary>
    public TurnEnd Settle(Member member, long now, RuleSet rules, ApplyResult result, bool leaves = true)
    {
        var copied = false;
        try
        {
            copied = Copy(member);
            var before = member.Facets;
            if (!BringUnderRules(member, rules, now)) return TurnEnd.Same;
            if (leaves) output.Woken(result, member, before, effects, rules);
            effects.Clear();
            return TurnEnd.Changed;
        }
        catch (Exception e) when (PoisonLog.IsPoison(e))
        {
            return Failed(member, copied, e);
        }
    }

    /// <summary>From here on members are copied before their turns.</summary>
    public void CopyBeforeTurns() => copiesLeft = CopiedTurns;

    private void Reject(in InputRecord record, RejectReason reason, string field, ApplyResult result)
    {
        output.Rejected(result, record, reason, field);
        result.Counts.Reject(reason);
    }

    private bool Copy(Member member)
    {
        Fault = null;
        if (copiesLeft == 0) return false;
        copiesLeft--;
        copy.Clear();
        member.Write(copy);
        return true;
    }

    private void Refuse(in InputRecord record, Verdict verdict, ApplyResult result)
    {
        var (reason, field) = verdict switch
        {
            Verdict.RefundExceedsPaid => (RejectReason.RefundExceedsPaid, "amount"),
            Verdict.TooLate => (RejectReason.TooLate, "at"),
            Verdict.CurrencyMismatch => (RejectReason.CurrencyMismatch, "currency"),
            Verdict.OrderFull => (RejectReason.OrderFull, "order"),
            Verdict.CurrenciesFull => (RejectReason.CurrenciesFull, "currency"),
            _ => throw new InvalidOperationException($"No reason is known for the verdict {verdict}."),
        };
        Reject(record, reason, field, result);
    }

    private TurnEnd Failed(Member member, bool copied, Exception e)
    {
        Fault = e;
        effects.Clear();
        CopyBeforeTurns();
        if (!copied) return TurnEnd.Broken;
        member.Reset(member.Id.Span);
        member.Read(copy.Written);
        return TurnEnd.Refused;
    }

    private bool BringUnderRules(Member member, RuleSet rules, long now)
    {
        var under = member.RulesVersion;
        if (under == rules.Hash) return false;
        MemberCore.Settle(member, under == 0 ? rules : find(under), rules, now, effects);
        return true;
    }
}
