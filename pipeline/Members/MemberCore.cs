using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>What became of an event that reached its member.</summary>
public enum Verdict : byte
{
    /// <summary>It changed the member.</summary>
    Applied = 0,

    /// <summary>Its id (or order, or request) was seen within the duplicate window; nothing changed.</summary>
    Duplicate = 1,
}

/// <summary>The pure core: state and one input in, new state and effects out. Every other part of the system is a host of these methods.</summary>
/// <remarks>
/// Same snapshot bytes, same inputs in the same order and same rules give the same bytes and the same effects, on every machine.
/// Two clocks: an event's <c>at</c> says when it happened and drives decay, streaks and statistics; <c>now</c> is the member's clock
/// and decides what is due. Not thread-safe; allocates nothing once warm.
/// </remarks>
public static class MemberCore
{
    /// <summary>Applies one event.</summary>
    /// <param name="member">State, changed in place.</param>
    /// <param name="e">A valid event of this member.</param>
    /// <param name="now">Epoch milliseconds; earlier than the member's clock counts as the member's clock.</param>
    /// <param name="rules">The rules in force; the member must have been settled under them (<see cref="Settle"/>).</param>
    /// <param name="effects">Receives the effects, after those already there.</param>
    public static Verdict Apply(Member member, MemberEvent e, long now, RuleSet rules, EffectBuffer effects)
    {
        member.Events++;
        return Verdict.Applied;
    }

    /// <summary>Looks at a member whose due time has come, all of its inputs up to <paramref name="proven"/> having been applied.</summary>
    /// <param name="proven">Due times up to here act, each with <c>at</c> = its own due time. Later ones wait: waking early is harmless.</param>
    public static void Wake(Member member, long proven, long now, RuleSet rules, EffectBuffer effects)
    {
    }

    /// <summary>Brings a member from the rules it was settled under to <paramref name="to"/>: decay under the old, due times under the new.</summary>
    /// <param name="from">The rules named by <see cref="Member.RulesVersion"/>, or <paramref name="to"/> for a new member.</param>
    public static void Settle(Member member, RuleSet from, RuleSet to, long now)
    {
        member.RulesVersion = to.Hash;
    }
}
