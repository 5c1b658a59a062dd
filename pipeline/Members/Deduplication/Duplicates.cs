using Streaming.Members.Events;
using Streaming.Members.Orders;

namespace Streaming.Members.Deduplication;

/// <summary>Recognises events that were applied before.</summary>
/// <remarks>
/// Purchases are known by their order (<see cref="Spending.Admit"/>), redemptions by their request and adjustments by their id, each of
/// them never twice. All else is known by id within the <see cref="DuplicateWindow"/>. A refused redemption uses up neither its request nor
/// its id: if it is sent again, it is judged again.
/// </remarks>
public static class Duplicates
{
    private const ulong Adjustment = 0xA5A5_0F0F_3C3C_6969;
    private const ulong Refused = 0x5A3C_C3A5_9669_F00F; // marks the ids of refused redemptions, so that they differ from granted ones

    /// <summary>Hash of what makes an event the same event: its source and id. Unique within its topic.</summary>
    public static ulong Identity(MemberEvent e) => StableHash.Of(e.Source.Span, e.Id.Span);

    /// <summary>What a redemption or an adjustment is remembered by.</summary>
    internal static ulong RequestOf(MemberEvent e, ulong identity) =>
        e.Kind == EventKind.Adjust ? identity ^ Adjustment : e.Request.IsEmpty ? identity : StableHash.Of(e.Request.Span);

    /// <summary>Says whether an event can be applied, and remembers its id when it can.</summary>
    /// <param name="member">The member; unchanged unless the event is applied.</param>
    /// <param name="e">The event.</param>
    /// <param name="identity">Its <see cref="Identity"/>.</param>
    public static Verdict Admit(Member member, MemberEvent e, ulong identity)
    {
        var topic = e.Kind.Topic();
        if (topic == Topic.Purchases) return Spending.Admit(member, e, identity);

        if (member.Recent.Contains((int)topic, identity)) return Verdict.Duplicate;
        var mark = identity;
        if (e.Kind is EventKind.Redeem or EventKind.Adjust)
        {
            var known = member.Requests.Find(RequestOf(e, identity)) != 0;
            if (!known && e.At <= member.Requests.Forgotten) return Verdict.TooLate;
            // An adjustment is made once. A request that was granted gets its answer again under another id; one that was refused is judged
            // again under any.
            if (known && e.Kind == EventKind.Adjust) return Verdict.Duplicate;
            if (!known && e.Kind == EventKind.Redeem && e.Points > member.Points.ToSpend(e.At)) mark ^= Refused;
            if (mark != identity && member.Recent.Contains((int)topic, mark)) return Verdict.Duplicate;
        }

        member.Recent.Add((int)topic, mark);
        return Verdict.Applied;
    }
}
