using Streaming.Engine.Batches;
using Streaming.Engine.Turns;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Pipeline.Tests.ClickHouse;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Turns of events made for a test.</summary>
internal static class AppliedEvents
{
    /// <summary>Applies an event of this kind to a member.</summary>
    /// <param name="at">When it happened.</param>
    /// <param name="now">The member's clock.</param>
    /// <param name="more">Sets further fields; the id is the time unless set there.</param>
    public static TurnEnd ApplyEvent(this MemberApplier applier, Member member, EventKind kind, long at, long now, ApplyResult result,
        Action<MemberEvent>? more = null)
    {
        var e = applier.Event;
        e.Reset();
        (e.Kind, e.At, e.Member, e.Id) = (kind, at, member.Id, Text.From($"e-{at}"));
        more?.Invoke(e);
        return applier.Apply(member, default, now, Rows.Rules, result);
    }
}
