using Streaming.Members.Rules;

namespace Streaming.Members.Rewards;

/// <summary>The behaviour of levels by growth value.</summary>
public static class Levels
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
    }
}
