namespace Streaming.Members;

/// <summary>How many of a member's last events are recognised when a producer sends one again: "never twice" means within these.</summary>
/// <remarks>
/// What Kafka delivers again is recognised by its position, without a bound; these windows are for producers that repeat themselves.
/// Each topic has a ring of its own, so that no number of chats pushes out a purchase. 8 bytes per remembered id, only as used.
/// </remarks>
public static class DuplicateWindow
{
    /// <summary>Ids of clicks.</summary>
    public const int Clicks = 64;

    /// <summary>Ids of purchases.</summary>
    public const int Purchases = 32;

    /// <summary>Ids of chats.</summary>
    public const int Chats = 64;

    /// <summary>Ids of member facts.</summary>
    public const int Members = 32;

    /// <summary>Ids of signals.</summary>
    public const int Signals = 64;

    /// <summary>Purchases by order and kind, whatever their id.</summary>
    public const int Orders = 32;

    /// <summary>Redemptions by request, whatever their id.</summary>
    public const int Requests = 32;
}
