namespace Streaming.Members.Events;

/// <summary>The input topic an event came on.</summary>
public enum Topic : byte
{
    /// <summary>What members look at and tap.</summary>
    Clicks = 0,

    /// <summary>Money: paid, refunded, cancelled.</summary>
    Purchases = 1,

    /// <summary>What members say.</summary>
    Chats = 2,

    /// <summary>Facts about the member.</summary>
    Members = 3,

    /// <summary>Internal: signals from other members' events.</summary>
    Signals = 4,
}

/// <summary>Every kind of event of the contract. Numbers are stored: never reuse one.</summary>
#pragma warning disable CS1591 // each name is the contract's own word
public enum EventKind : byte
{
    None = 0,
    View = 1, Share = 2, Like = 3, Favorite = 4, Checkin = 5, Coupon = 6, Vote = 7, Answer = 8, Open = 9, Attend = 10,
    Paid = 20, Refunded = 21, Cancelled = 22,
    Message = 30, Question = 31, Reply = 32, Reaction = 33, Post = 34, Idea = 35, Review = 36, Survey = 37, Complaint = 38, Resolved = 39,
    Joined = 50, Updated = 51, Consent = 52, Redeem = 53, Outcome = 54, Adjust = 55, Merge = 56, Left = 57, Erase = 58, Reach = 59,
    Appreciated = 70,
}
#pragma warning restore CS1591

/// <summary>Facts about kinds that never change.</summary>
public static class EventKinds
{
    /// <summary>One more than the highest number in use: the size of a table indexed by kind.</summary>
    public const int Count = 71;

    /// <summary>The topic a kind belongs to.</summary>
    public static Topic Topic(this EventKind kind) => kind switch
    {
        < EventKind.Paid => Events.Topic.Clicks,
        < EventKind.Message => Events.Topic.Purchases,
        < EventKind.Joined => Events.Topic.Chats,
        < EventKind.Appreciated => Events.Topic.Members,
        _ => Events.Topic.Signals,
    };

    /// <summary>True for activity of the member itself, which ends a silence; false for what others do to or for it.</summary>
    /// <remarks>Profile updates, consent and refunds often come in batches from other systems: they prove no activity.</remarks>
    public static bool IsActivity(this EventKind kind) => kind switch
    {
        <= EventKind.Paid => kind != EventKind.None,
        EventKind.Resolved => false,
        >= EventKind.Message and <= EventKind.Joined => true,
        _ => kind == EventKind.Redeem,
    };

    /// <summary>The topic's name in UTF-8.</summary>
    public static ReadOnlySpan<byte> NameUtf8(this Topic topic) => topic switch
    {
        Events.Topic.Clicks => "clicks"u8,
        Events.Topic.Purchases => "purchases"u8,
        Events.Topic.Chats => "chats"u8,
        Events.Topic.Members => "members"u8,
        Events.Topic.Signals => "signals"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    /// <summary>The contract's word for a kind, lower case.</summary>
    public static string Name(this EventKind kind) => Names[(int)kind] ?? throw new ArgumentOutOfRangeException(nameof(kind));

    /// <summary>True for a number that is a kind's, or <see cref="EventKind.None"/>'s.</summary>
    internal static bool IsKnown(this EventKind kind) => (int)kind < Count && Names[(int)kind] is not null;

    private static readonly string?[] Names = MakeNames();

    private static string?[] MakeNames()
    {
        var names = new string?[Count];
        foreach (var kind in Enum.GetValues<EventKind>()) names[(int)kind] = kind.ToString().ToLowerInvariant();
        return names;
    }
}
