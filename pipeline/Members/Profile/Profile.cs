using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>Declared facts: birthday, zone, consent, channels, attributes, joined and left.</summary>
/// <remarks>
/// Facts hold from when they are read; the topic keeps them in their order. What does not fit is ignored and counted: the event stays valid.
/// </remarks>
public static class Profile
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        switch (turn.Event.Kind)
        {
            case EventKind.Joined:
                Take(ref turn.Member.Profile, turn.Event);
                Join(ref turn.Member.Profile, turn.Event);
                break;
            case EventKind.Updated or EventKind.Consent:
                Take(ref turn.Member.Profile, turn.Event);
                break;
            case EventKind.Left:
                turn.Member.Profile.Left = true;
                break;
        }
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
            else state.Ignored++;
        }

        if (e.Channels.Count > 0) state.Channels.Clear();
        foreach (var channel in e.Channels) Count(ref state, state.Channels.Set(channel.Span, default));
        foreach (var consent in e.Consent) Count(ref state, state.Consent.Set(consent.Channel.Span, consent.Given ? "1"u8 : "0"u8));
        foreach (var attribute in e.Attributes)
        {
            if (attribute.Value.IsEmpty) state.Attributes.Remove(attribute.Name.Span);
            else Count(ref state, state.Attributes.Set(attribute.Name.Span, attribute.Value.Span));
        }
    }

    private static void Count(ref ProfileState state, bool taken)
    {
        if (!taken) state.Ignored++;
    }
}
