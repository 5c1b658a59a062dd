using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>The behaviour of declared facts: birthday, zone, consent, channels, attributes.</summary>
public static class Profile
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
    }
}
