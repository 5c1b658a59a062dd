using Streaming.Members.Rules;

namespace Streaming.Members.Rewards;

/// <summary>The behaviour of badges.</summary>
public static class Badges
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
    }
}
