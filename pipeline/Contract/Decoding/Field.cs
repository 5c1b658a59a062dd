using System.Text;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Profiles;

namespace Streaming.Contract.Decoding;

/// <summary>The fields of the input contract.</summary>
public enum Field : byte
{
    None,
    Id, Member, At, Kind,
    Target, Category, Author, Action,
    Order, Amount, Currency, Items, Coupons, Team,
    Room, Text, Rating, ReplyTo, Case,
    Birthday, Timezone, Attributes, Tags, Channels, Consent, Reach, Referrer, Gift, Points, Request, Step, Result, Cost, Reason,
    Approver, From,
}

/// <summary>How a field's value is read.</summary>
public enum FieldType : byte
{
    /// <summary>A text of at most so many characters, or a whole number, read as its digits.</summary>
    Text,

    /// <summary>An id (<see cref="Ids"/>): a text of at most so many
    /// characters, or a whole number, read as its digits.</summary>
    Id,

    /// <summary>A member id: an id of at most 128 characters.</summary>
    Member,

    /// <summary>RFC 3339, or epoch milliseconds as a number or digits.</summary>
    Instant,

    /// <summary>One of the topic's kinds.</summary>
    Kind,

    /// <summary>A decimal string or number ≥ 0.</summary>
    Money,

    /// <summary>A whole number of points of either sign.</summary>
    Points,

    /// <summary>A whole number from 1 to 5.</summary>
    Rating,

    /// <summary>Three capital letters.</summary>
    Currency,

    /// <summary><c>yyyy-MM-dd</c> or <c>--MM-dd</c>.</summary>
    Birthday,

    /// <summary>A time zone, as <see cref="Zones.Find"/> reads it.</summary>
    Timezone,

    /// <summary><c>confirm</c>: the only step of a redemption that is supported.</summary>
    Step,

    /// <summary>delivered, opened, failed or contacted.</summary>
    Result,

    /// <summary>An array of texts.</summary>
    Texts,

    /// <summary>An array of purchase lines.</summary>
    Items,

    /// <summary>An object of channel: yes or no, or one answer for all channels, as <see cref="ConsentAnswer"/> reads it.</summary>
    Consent,

    /// <summary>An object of channel: followed, unfollowed, blocked or bounced, in any case.</summary>
    Reach,

    /// <summary>An object of name: text, number or truth value.</summary>
    Attributes,

    /// <summary>An object whose keys are tag names. The value is the end time (RFC 3339 or epoch milliseconds), true for no end, or false
    /// or null to remove the tag.</summary>
    Tags,
}

/// <summary>Topics a field has a meaning on; on others it is an unknown field and ignored.</summary>
[Flags]
public enum OnTopics : byte
{
    Clicks = 1, Purchases = 2, Chats = 4, Members = 8, Signals = 16,
    All = Clicks | Purchases | Chats | Members | Signals,
}

/// <summary>One field of the input contract.</summary>
/// <param name="Name">As it is written in JSON.</param>
/// <param name="Max">The longest text (or text of a list), in characters; 0 for fields without a limit of their own.</param>
/// <param name="MaxCount">Elements of a list.</param>
public sealed record FieldSpec(Field Field, string Name, OnTopics Topics, FieldType Type, int Max = 0, int MaxCount = 0)
{
    /// <summary>The name's bytes.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Hash of the name's bytes.</summary>
    public ulong Hash { get; } = StableHash.Of(Encoding.UTF8.GetBytes(Name));

    /// <summary>True when it has a meaning on a topic.</summary>
    public bool IsOn(Topic topic) => ((int)Topics & (1 << (int)topic)) != 0;
}
