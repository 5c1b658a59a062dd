using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Loadtests.Ladder.Rungs;

/// <summary>A loop without the pipeline: decode a record, find its member in a dictionary, apply the event, drop the effects.</summary>
/// <param name="rules">The rules in force.</param>
/// <param name="now">The members' clock, epoch milliseconds.</param>
internal sealed class MemberLoop(RuleSet rules, long now)
{
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent @event = new();
    private readonly EffectBuffer effects = new();
    private readonly Dictionary<ulong, Member> members = [];

    /// <summary>Events decoded.</summary>
    public long Decoded { get; private set; }

    /// <summary>Events applied.</summary>
    public long Applied { get; private set; }

    /// <summary>Effects they had.</summary>
    public long Effects { get; private set; }

    /// <summary>Members met.</summary>
    public int Members => members.Count;

    /// <summary>Decodes one record; false when it is no event.</summary>
    public bool Decode(in InputRecord record)
    {
        if (decoder.Decode(record, @event) != RejectReason.None) return false;
        Decoded++;
        return true;
    }

    /// <summary>Decodes one record and applies it to its member.</summary>
    public void Apply(in InputRecord record)
    {
        if (!Decode(record)) return;
        var hash = StableHash.Of(@event.Member.Span);
        if (!members.TryGetValue(hash, out var member))
        {
            members[hash] = member = new Member();
            member.Reset(@event.Member.Span);
            MemberCore.Settle(member, rules, rules, now, effects);
        }

        if (MemberCore.Apply(member, @event, now, rules, effects).IsApplied()) Applied++;
        Effects += effects.Count;
        effects.Clear();
    }
}
