namespace Streaming.Members.Events;

/// <summary>One decoded, valid event of one member. Filled and reused by one decoder: read it before the next is decoded.</summary>
/// <remarks>
/// Fields that a kind does not use are empty or zero. Texts point into the decoder's buffers.
/// Not thread-safe: one per shard.
/// </remarks>
public sealed class MemberEvent
{
    /// <summary>What happened.</summary>
    public EventKind Kind;

    /// <summary>When it happened, epoch milliseconds UTC.</summary>
    public long At;

    /// <summary>Whose event it is (≤ 128 characters; the record's key).</summary>
    public Text Member;

    /// <summary>Unique per topic and source (≤ 64 characters).</summary>
    public Text Id;

    /// <summary>The CloudEvents source, else empty.</summary>
    public Text Source;

    // click
    public Text Target, Category, Author, Action;

    // purchase; Amount in ten-thousandths of Currency's unit, never negative
    public Text Order, Currency, Team;
    public long Amount;
    public readonly List<PurchaseItem> Items = [];
    public readonly List<Text> Coupons = [];

    // chat; Rating 1-5, 0 = none
    public Text Room, Body, ReplyTo, Case;
    public byte Rating;

    // members; Birthday as yyyy-MM-dd or --MM-dd, Zone an IANA name
    public Text Birthday, Zone, Referrer, Gift, Request, Result, Reason, Approver, From;
    public readonly List<Text> Channels = [];
    public readonly List<ChannelAnswer> Consent = [];
    public readonly List<ChannelAnswer> Reach = [];
    public readonly List<MemberAttribute> Attributes = [];
    public readonly List<MemberTag> Tags = [];

    /// <summary>redeem: what the gift costs; adjust: what is added (may be negative). Whole points.</summary>
    public long Points;

    /// <summary>outcome: what the contact cost, ten-thousandths.</summary>
    public long Cost;

    /// <summary>The facts that were left out.</summary>
    public FactWarnings Warnings;

    /// <summary>Makes every field empty again; keeps the lists' room.</summary>
    public void Reset()
    {
        Kind = EventKind.None;
        At = Amount = Points = Cost = 0;
        Rating = 0;
        Warnings = FactWarnings.None;
        Member = Id = Source = Target = Category = Author = Action = Order = Currency = Team = default;
        Room = Body = ReplyTo = Case = Birthday = Zone = Referrer = Gift = Request = Result = Reason = Approver = From = default;
        Items.Clear();
        Coupons.Clear();
        Channels.Clear();
        Consent.Clear();
        Reach.Clear();
        Attributes.Clear();
        Tags.Clear();
    }
}

/// <summary>One line of a purchase. Price in ten-thousandths per piece.</summary>
public readonly record struct PurchaseItem(Text Sku, Text Category, long Quantity, long Price);

/// <summary>Yes or no to one channel, or whether the member can be reached there.</summary>
/// <param name="Channel">Its name, in any case; <c>*</c> for every channel, which can only be refused.</param>
/// <param name="Given">True for yes, and for followed.</param>
public readonly record struct ChannelAnswer(Text Channel, bool Given);

/// <summary>A declared attribute: text, number or truth value, kept as the text the producer sent.</summary>
public readonly record struct MemberAttribute(Text Name, Text Value);

/// <summary>A tag of the member, until when it holds.</summary>
/// <param name="Name">Its name, ≤ 64 characters.</param>
/// <param name="Until">Epoch milliseconds; <see cref="Endless"/> without an end, <see cref="Gone"/> when it is taken away.</param>
public readonly record struct MemberTag(Text Name, long Until)
{
    /// <summary>The tag has no end.</summary>
    public const long Endless = long.MaxValue;

    /// <summary>The tag is taken away.</summary>
    public const long Gone = long.MinValue;
}
