using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>The behaviour of the lifecycle: stage, tier, key opinion consumer.</summary>
public static class Lifecycle
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
    }

    /// <summary>When this capability wants to look again, or <see cref="Member.Never"/>.</summary>
    public static long Due(Member member, RuleSet rules) => Member.Never;

    /// <summary>Its due time (<see cref="Turn.At"/>) has come: afterwards <see cref="Due"/> must be later.</summary>
    public static void OnWake(ref Turn turn)
    {
    }
}
