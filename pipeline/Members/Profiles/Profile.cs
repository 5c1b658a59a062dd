using System.Numerics;
using Streaming.Members.CareActions;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members.Profiles;

/// <summary>Declared facts: birthday, zone, consent, channels, attributes, joined and left.</summary>
/// <remarks>
/// Facts hold from when they are read; the topic keeps them in their order. Consent and reach hold by their times, in whatever order they
/// are read (<see cref="ChannelAnswers"/>), and refusals are taken from an event of any kind. What does not fit is left out and counted:
/// the event stays valid.
/// </remarks>
public static class Profile
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        var e = turn.Event;
        if (e.Kind.Topic() != Topic.Members && e.Consent.Count == 0 && e.Warnings == FactWarnings.None) return;

        ref var state = ref turn.Member.Profile;
        state.FactsLeftOut += BitOperations.PopCount((uint)(e.Warnings & ~(FactWarnings.ChannelUnknown | FactWarnings.RefusalOfRejected)));
        switch (e.Kind)
        {
            case EventKind.Joined:
                Take(ref state, e);
                Give(ref state, e, turn.At);
                Join(ref state, e);
                break;
            case EventKind.Updated or EventKind.Consent or EventKind.Reach:
                Take(ref state, e);
                Give(ref state, e, turn.At);
                break;
            case EventKind.Left:
                state.Left = true;
                break;
        }

        Refuse(ref state.Consent, e, e.Consent, turn.At, turn.Rules.Care);
        Refuse(ref state.Reach, e, e.Reach, turn.At, turn.Rules.Care);
        state.Warnings |= e.Warnings;
    }

    /// <summary>Gives a member that declared no zone the one of the rules.</summary>
    internal static void Settle(Member member, RuleSet rules)
    {
        if (!member.Profile.HasZone) member.Profile.Zone = rules.Profile.Zone;
    }

    private static void Join(ref ProfileState state, MemberEvent e)
    {
        if (!state.Joined) state.Referrer = e.Referrer;
        state.Joined = true;
        state.Left = false;
    }

    private static void Take(ref ProfileState state, MemberEvent e)
    {
        if (!e.Birthday.IsEmpty) state.Birthday = Birthday.From(e.Birthday.Span);
        if (!e.Zone.IsEmpty)
        {
            if (Zones.Find(e.Zone.Span) is { } zone) (state.Zone, state.HasZone) = (zone, true);
            else LeaveOut(ref state, e, FactWarnings.TimezoneUnknown);
        }

        if (e.Channels.Count > 0) state.Channels.Clear();
        foreach (var channel in e.Channels)
        {
            if (!state.Channels.Set(channel.Span, default)) LeaveOut(ref state, e, FactWarnings.ChannelsInvalid);
        }

        foreach (var attribute in e.Attributes)
        {
            if (attribute.Value.IsEmpty) state.Attributes.Remove(attribute.Name.Span);
            else if (!state.Attributes.Set(attribute.Name.Span, attribute.Value.Span))
                LeaveOut(ref state, e, FactWarnings.AttributeInvalid);
        }
    }

    private static void LeaveOut(ref ProfileState state, MemberEvent e, FactWarnings warning)
    {
        e.Warnings |= warning;
        state.FactsLeftOut++;
    }

    private static void Give(ref ProfileState state, MemberEvent e, long at)
    {
        foreach (var consent in e.Consent)
        {
            if (consent.Given && !state.Consent.Give(consent.Channel.Span, at)) LeaveOut(ref state, e, FactWarnings.ConsentUnclear);
        }

        foreach (var reach in e.Reach)
        {
            if (reach.Given && !state.Reach.Give(reach.Channel.Span, at)) LeaveOut(ref state, e, FactWarnings.ReachUnclear);
        }
    }

    private static void Refuse(ref ChannelAnswers state, MemberEvent e, List<ChannelAnswer> said, long at, CareRules rules)
    {
        foreach (var answer in said)
        {
            if (!answer.Given) state.Refuse(answer.Channel.Span, at);
            if (answer.Channel != ChannelAnswers.Every && !rules.Has(answer.Channel.Span)) e.Warnings |= FactWarnings.ChannelUnknown;
        }
    }
}
