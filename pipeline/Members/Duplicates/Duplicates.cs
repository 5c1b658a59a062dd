using Streaming.Members.Events;

namespace Streaming.Members;

/// <summary>Recognises what was already applied.</summary>
public static class Duplicates
{
    /// <summary>Remembers the event; true when it had been seen within the window.</summary>
    public static bool Seen(RecentState state, MemberEvent e) => false;
}
