using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;
using Streaming.Pipeline.Decode;
using Streaming.Pipeline.Sources;

namespace Streaming.Pipeline.Hosting;

/// <summary>Applies one record, wake or change of rules to one member and writes what leaves: what every host of the member core has in common.</summary>
/// <remarks>Used by one thread at a time; allocates nothing per event once warm. Which member it is, and when it becomes durable, is the host's part.</remarks>
/// <param name="find">The rules of a hash that a member was settled under.</param>
/// <param name="output">Turns effects into the bytes that leave.</param>
public sealed class MemberApplier(Func<ulong, RuleSet> find, ShardOutput output)
{
    private readonly EventDecoder decoder = new();
    private readonly EffectBuffer effects = new();

    /// <summary>The event of the last record that was decoded; its texts are borrowed from that record.</summary>
    public MemberEvent Event { get; } = new();

    /// <summary>Decodes a record into <see cref="Event"/>; a rejected one becomes a dead letter, and what it refuses of consent an event of its own.</summary>
    /// <param name="record">The record.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="part">Receives the dead letter and the count.</param>
    /// <param name="leaves">False while a durable commit is repeated: what it caused has left already.</param>
    /// <returns>False when there is nothing to apply.</returns>
    public bool Decode(in InputRecord record, RuleSet rules, OutputPart part, bool leaves = true)
    {
        var earliest = rules.Input.EarliestAt;
        var reason = decoder.Decode(record, Event, earliest);
        if (reason == RejectReason.None) return true;
        if (leaves)
        {
            part.Counts.Reject(reason);
            output.Rejected(part, record, reason, decoder);
        }

        return decoder.ReadRefusals(record, Event, earliest);
    }

    /// <summary>Applies the decoded event to its member, brought under the rules first.</summary>
    /// <returns>True when the member changed; a duplicate changes it only when the rules did.</returns>
    public bool Apply(Member member, long now, RuleSet rules, OutputPart part, bool leaves = true)
    {
        var settled = Bring(member, rules, now);
        var before = member.Facets;
        var lastSeen = member.LastSeen;
        var verdict = MemberCore.Apply(member, Event, now, rules, effects);
        if (verdict == Verdict.Duplicate)
        {
            part.Counts.Duplicates++;
            if (leaves) output.Duplicate(Event);
            return settled;
        }

        part.Counts.Applied[(int)Event.Kind]++;
        part.Counts.Warn(Event.Warnings);
        if (leaves) output.Applied(part, member, Event, before, lastSeen, effects, rules, now);
        effects.Clear();
        return true;
    }

    /// <summary>Looks at a member that may be due, all of its inputs up to <paramref name="proven"/> having been applied.</summary>
    public void Wake(Member member, long proven, long now, RuleSet rules, OutputPart part, bool leaves = true)
    {
        Bring(member, rules, now);
        var before = member.Facets;
        MemberCore.Wake(member, proven, now, rules, effects);
        if (leaves) output.Woken(part, member, before, effects, rules, now);
        effects.Clear();
    }

    /// <summary>Brings a member under the rules; false when it was under them.</summary>
    public bool Settle(Member member, long now, RuleSet rules, OutputPart part, bool leaves = true)
    {
        var before = member.Facets;
        if (!Bring(member, rules, now)) return false;
        if (leaves) output.Woken(part, member, before, effects, rules, now);
        return true;
    }

    private bool Bring(Member member, RuleSet rules, long now)
    {
        var under = member.RulesVersion;
        if (under == rules.Hash) return false;
        MemberCore.Settle(member, under == 0 ? rules : find(under), rules, now);
        return true;
    }
}
