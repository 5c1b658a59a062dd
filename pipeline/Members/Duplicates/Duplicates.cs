using Streaming.Members.Events;

namespace Streaming.Members;

/// <summary>Recognises what was already applied.</summary>
/// <remarks>
/// Purchases are known by their order (<see cref="Spending.Admit"/>), redemptions by their request and adjustments by their id, each of them never twice. All
/// else is known by id within the <see cref="DuplicateWindow"/>. A redemption that was refused spends neither its request nor its id: it is judged again.
/// </remarks>
public static class Duplicates
{
    private const ulong Adjustment = 0xA5A5_0F0F_3C3C_6969;

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

        var seen = member.Recent.Contains((int)topic, identity);
        var verdict = e.Kind is EventKind.Redeem or EventKind.Adjust ? Admit(member, e, identity, seen) : seen ? Verdict.Duplicate : Verdict.Applied;
        if (verdict == Verdict.Applied && !seen) member.Recent.Add((int)topic, identity);
        return verdict;
    }

    private static Verdict Admit(Member member, MemberEvent e, ulong identity, bool seen)
    {
        var known = member.Requests.Find(RequestOf(e, identity)) != 0;
        if (e.Kind == EventKind.Adjust) return known || seen ? Verdict.Duplicate : e.At <= member.Requests.Forgotten ? Verdict.TooLate : Verdict.Applied;
        // Under another id a request that was granted gets its answer again.
        if (known) return seen ? Verdict.Duplicate : Verdict.Applied;
        if (e.At <= member.Requests.Forgotten) return Verdict.TooLate;
        return seen && e.Points > member.Points.ToSpend(e.At) ? Verdict.Duplicate : Verdict.Applied;
    }
}
