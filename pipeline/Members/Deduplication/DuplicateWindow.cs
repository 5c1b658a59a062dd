namespace Streaming.Members.Deduplication;

/// <summary>How many of a member's last events are recognised by id when a producer sends one
/// again. An event is recognised as a duplicate only within its window.</summary>
/// <remarks>
/// What Kafka delivers again is recognised by its position, without a bound; these windows are for producers that repeat themselves. Each
/// topic has a ring of its own, 8 bytes per id, only as used. Purchases, redemptions and adjustments need no window: see
/// <see cref="Duplicates"/>.
/// </remarks>
public static class DuplicateWindow
{
    /// <summary>Ids of clicks.</summary>
    public const int Clicks = 64;

    /// <summary>Ids of chats.</summary>
    public const int Chats = 64;

    /// <summary>Ids of member facts.</summary>
    public const int Members = 32;

    /// <summary>Ids of signals.</summary>
    public const int Signals = 64;

    /// <summary>The largest window.</summary>
    internal const int Largest = 64;
}
