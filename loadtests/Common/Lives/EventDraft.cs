using System.Buffers;
using System.Text.Json;
using Streaming.Members.Events;

namespace Streaming.Loadtests.Common.Lives;

/// <summary>Writes one event after another as the contract has them; what a member
/// does is the caller's choice, the details are drawn.</summary>
/// <remarks>One event is <see cref="Begin"/>, one of the kinds, <see cref="End"/>. Not thread-safe; <see cref="Value"/> is valid until the
/// next <see cref="Begin"/>.</remarks>
public sealed class EventDraft : IDisposable
{
    private static readonly string[] Categories = ["tea", "books", "garden", "kitchen", "toys", "music"];
    private static readonly string[] Zones = ["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Sydney", "UTC"];
    private static readonly string[] Clicks = ["view", "view", "view", "view", "view", "like", "share", "favorite", "open", "vote"];
    private static readonly string[] Chats = ["message", "message", "message", "reply", "question", "post"];
    private readonly ArrayBufferWriter<byte> value = new(512);
    private readonly Utf8JsonWriter json;

    /// <summary>A draft without an event.</summary>
    public EventDraft() => json = new Utf8JsonWriter(value, new JsonWriterOptions { SkipValidation = true });

    /// <summary>What the details are drawn from.</summary>
    public required Random Random { get; set; }

    /// <summary>Its topic.</summary>
    public Topic Topic { get; private set; }

    /// <summary>What it is, as the contract names it.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>The event as JSON, UTF-8.</summary>
    public ReadOnlySpan<byte> Value => value.WrittenSpan;

    /// <summary>Begins an event.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="member">Whose it is.</param>
    /// <param name="at">When it happens, epoch milliseconds.</param>
    public void Begin(string id, string member, long at)
    {
        value.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("member"u8, member);
        json.WriteString("at"u8, DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime);
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        json.WriteString("kind"u8, Kind);
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>The member joins, with time zone, birthday, channels and consent.</summary>
    public void Join()
    {
        Topic = Topic.Members;
        Kind = "joined";
        json.WriteString("timezone"u8, Zones[Random.Next(Zones.Length)]);
        json.WriteString("birthday"u8, $"{1960 + Random.Next(45)}-{1 + Random.Next(12):00}-{1 + Random.Next(28):00}");
        json.WriteStartArray("channels"u8);
        json.WriteStringValue("app"u8);
        json.WriteStringValue("email"u8);
        json.WriteEndArray();
        json.WriteStartObject("consent"u8);
        json.WriteBoolean("app"u8, true);
        json.WriteBoolean("email"u8, Random.Next(3) > 0);
        json.WriteEndObject();
    }

    /// <summary>It clicks on something.</summary>
    /// <param name="author">Names whose post it is, for one click in ten; null: nobody's.</param>
    public void Click(Func<string>? author = null)
    {
        Topic = Topic.Clicks;
        Kind = Random.Next(40) == 0 ? "checkin" : Clicks[Random.Next(Clicks.Length)];
        json.WriteString("target"u8, $"item-{Random.Next(5_000)}");
        json.WriteString("category"u8, Categories[Random.Next(Categories.Length)]);
        if (author is not null && Random.Next(10) == 0) json.WriteString("author"u8, author());
    }

    /// <summary>It buys, or one time in twenty calls an order off before it is paid.</summary>
    public void Purchase(string order)
    {
        Topic = Topic.Purchases;
        Kind = Random.Next(20) == 0 ? "cancelled" : "paid";
        json.WriteString("order"u8, order);
        if (Kind == "cancelled") return;
        json.WriteString("amount"u8, $"{5 + Random.Next(95)}.{Random.Next(100):00}");
        json.WriteString("currency"u8, "EUR"u8);
        json.WriteStartArray("items"u8);
        for (var i = 1 + Random.Next(3); i > 0; i--)
        {
            json.WriteStartObject();
            json.WriteString("sku"u8, $"sku-{Random.Next(5_000)}");
            json.WriteString("category"u8, Categories[Random.Next(Categories.Length)]);
            json.WriteNumber("quantity"u8, 1 + Random.Next(3));
            json.WriteString("price"u8, $"{1 + Random.Next(40)}.99");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>It says something in a room.</summary>
    public void Chat()
    {
        Topic = Topic.Chats;
        Kind = Chats[Random.Next(Chats.Length)];
        json.WriteString("room"u8, Categories[Random.Next(Categories.Length)]);
        json.WriteString("text"u8, "how long does the green one have to steep, and is it any good cold?"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();
}
