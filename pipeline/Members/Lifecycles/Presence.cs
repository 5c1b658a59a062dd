using Streaming.Members.Effects;
using Streaming.Members.Events;

namespace Streaming.Members.Lifecycles;

/// <summary>Notes when a member was first and last seen, and when it was last active, and announces it once
/// (<c>member-joined</c>).</summary>
/// <remarks>Signals come from other members and do not count as presence.</remarks>
public static class Presence
{
    /// <summary>One event of the member. Comes before all others, which read <see cref="Turn.EndedSilence"/>.</summary>
    public static void OnEvent(ref Turn turn)
    {
        var member = turn.Member;
        var kind = turn.Event.Kind;
        var topic = kind.Topic();
        if (topic == Topic.Signals) return;

        if (member.FirstSeen == 0)
        {
            member.FirstSeen = turn.At;
            ref var joined = ref turn.Tell(EffectKind.MemberJoined, "lifecycle.joined");
            joined.Reason = kind == EventKind.Joined ? "joined" : "first-seen";
            joined.Subject = turn.Keep(turn.Event.Referrer.Span);
        }

        member.FirstSeen = Math.Min(member.FirstSeen, turn.At);
        member.LastSeen = Math.Max(member.LastSeen, turn.At);
        if (!kind.IsActivity()) return;
        member.FirstActive = member.FirstActive == 0 ? turn.At : Math.Min(member.FirstActive, turn.At);

        // Of two events in one millisecond the higher hash is the last, in whatever order they came.
        var hash = turn.EventHash + (((ulong)topic + 1) * 0x9E37_79B9_7F4A_7C15);
        if (turn.At < member.LastActive || (turn.At == member.LastActive && hash <= (ulong)member.LastActiveEvent)) return;
        turn.EndedSilence = member.LastActive == 0 ? 0 : turn.At - member.LastActive;
        member.LastActive = turn.At;
        member.LastActiveEvent = (long)hash;
    }
}
