using Streaming.Members.Events;

namespace Streaming.Contract.Decoding;

/// <summary>The input contract as a table: which fields there are, on which topics, of which type, and how long they may be.</summary>
public static class FieldTable
{
    /// <summary>The longest event id, in characters.</summary>
    public const int MaxId = 64;

    /// <summary>The most points of one event, of either sign.</summary>
    public const long MaxPoints = 1_000_000_000;

    /// <summary>The largest quantity of one purchase line.</summary>
    public const long MaxQuantity = 1_000_000_000;

    /// <summary>The most lines of one purchase.</summary>
    public const int MaxItems = 500;

    private const OnTopics Inputs = OnTopics.Clicks | OnTopics.Purchases | OnTopics.Chats | OnTopics.Members;
    private const OnTopics Care = OnTopics.Clicks | OnTopics.Purchases | OnTopics.Members;

    /// <summary>Every field, in the order of <see cref="Field"/>.</summary>
    public static IReadOnlyList<FieldSpec> All { get; } =
    [
        new(Field.Id, "id", OnTopics.All, FieldType.Id, MaxId),
        new(Field.Member, "member", OnTopics.All, FieldType.Member),
        new(Field.At, "at", OnTopics.All, FieldType.Instant),
        new(Field.Kind, "kind", OnTopics.All, FieldType.Kind),

        new(Field.Target, "target", OnTopics.Clicks, FieldType.Text, 1024),
        new(Field.Category, "category", OnTopics.Clicks, FieldType.Text, 128),
        new(Field.Author, "author", OnTopics.Clicks | OnTopics.Chats, FieldType.Member),
        new(Field.Action, "action", Care, FieldType.Id, 128),

        new(Field.Order, "order", OnTopics.Purchases, FieldType.Id, 128),
        new(Field.Amount, "amount", OnTopics.Purchases, FieldType.Money),
        new(Field.Currency, "currency", OnTopics.Purchases, FieldType.Currency),
        new(Field.Items, "items", OnTopics.Purchases, FieldType.Items, 128, MaxItems),
        new(Field.Coupons, "coupons", OnTopics.Purchases, FieldType.Texts, 64, 32),
        new(Field.Team, "team", OnTopics.Purchases, FieldType.Id, 128),

        new(Field.Room, "room", OnTopics.Chats, FieldType.Text, 128),
        new(Field.Text, "text", OnTopics.Chats, FieldType.Text, 16_384),
        new(Field.Rating, "rating", OnTopics.Chats, FieldType.Rating),
        new(Field.ReplyTo, "replyTo", OnTopics.Chats, FieldType.Id, MaxId),
        new(Field.Case, "case", OnTopics.Chats, FieldType.Id, 128),

        new(Field.Birthday, "birthday", OnTopics.Members, FieldType.Birthday, 10),
        new(Field.Timezone, "timezone", OnTopics.Members, FieldType.Timezone, 64),
        new(Field.Attributes, "attributes", OnTopics.Members, FieldType.Attributes, 256, 64),
        new(Field.Tags, "tags", OnTopics.Members, FieldType.Tags, 64, 64),
        new(Field.Channels, "channels", OnTopics.Members, FieldType.Texts, 48, 16),
        new(Field.Consent, "consent", Inputs, FieldType.Consent, 48, 16),
        new(Field.Reach, "reach", OnTopics.Members, FieldType.Reach, 48, 16),
        new(Field.Referrer, "referrer", OnTopics.Members, FieldType.Member),
        new(Field.Gift, "gift", OnTopics.Members, FieldType.Id, 128),
        new(Field.Points, "points", OnTopics.Members | OnTopics.Purchases, FieldType.Points),
        new(Field.Request, "request", OnTopics.Members, FieldType.Id, 64),
        new(Field.Step, "step", OnTopics.Members, FieldType.Step, 16),
        new(Field.Result, "result", OnTopics.Members, FieldType.Result, 16),
        new(Field.Cost, "cost", OnTopics.Members, FieldType.Money),
        new(Field.Reason, "reason", OnTopics.Members, FieldType.Text, 256),
        new(Field.Approver, "approver", OnTopics.Members, FieldType.Id, 128),
        new(Field.From, "from", OnTopics.Members | OnTopics.Signals, FieldType.Member),
    ];

    private const int Slots = 128;
    private static readonly FieldSpec?[] Table = MakeTable();

    /// <summary>The warning for a faulty profile field, which is left out of the event. None for fields whose fault rejects the event. None
    /// for fields whose fault rejects the event.</summary>
    public static FactWarnings Dropped(Field field) => field switch
    {
        Field.Birthday => FactWarnings.BirthdayInvalid,
        Field.Timezone => FactWarnings.TimezoneUnknown,
        Field.Attributes => FactWarnings.AttributeInvalid,
        Field.Tags => FactWarnings.TagInvalid,
        Field.Channels => FactWarnings.ChannelsInvalid,
        Field.Referrer => FactWarnings.ReferrerInvalid,
        Field.Consent => FactWarnings.ConsentUnclear,
        Field.Reach => FactWarnings.ReachUnclear,
        _ => FactWarnings.None,
    };

    /// <summary>A field's row.</summary>
    public static FieldSpec Of(Field field) => All[(int)field - 1];

    /// <summary>The field of that name on a topic, or null: unknown there, to be ignored.</summary>
    public static FieldSpec? Find(ReadOnlySpan<byte> name, ulong hash, Topic topic)
    {
        for (var slot = hash % Slots; Table[slot] is { } spec; slot = (slot + 1) % Slots)
        {
            if (spec.Hash != hash || !name.SequenceEqual(spec.Utf8)) continue;
            return spec.IsOn(topic) ? spec : null;
        }

        return null;
    }

    private static FieldSpec?[] MakeTable()
    {
        var table = new FieldSpec?[Slots];
        foreach (var spec in All)
        {
            var slot = spec.Hash % Slots;
            while (table[slot] is not null) slot = (slot + 1) % Slots;
            table[slot] = spec;
        }

        return table;
    }
}
