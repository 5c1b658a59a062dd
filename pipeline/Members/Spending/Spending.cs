using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>The behaviour of money spent.</summary>
public static class Spending
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
    }
}
