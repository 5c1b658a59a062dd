using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>The behaviour of the engagement score.</summary>
public static class Score
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
    }
}
