using System.Buffers;
using System.Text;
using System.Text.Json;
using Streaming.Members.Events;

namespace Streaming.Ladder.Lives;

/// <summary>Members' lives as a stream of events in the order of their times: sessions of busy and quiet members side by side, not noise.</summary>
/// <remarks>
/// Members are drawn by Zipf's law (exponent 0.8: of 50,000 the busiest makes 2.6 % of all sessions). A member joins with its first
/// event; a session has 6 events on average, about a minute apart, mostly clicks, and may end with a purchase. Deterministic by seed.
/// Not thread-safe; the spans it gives are valid until the next event.
/// </remarks>
public sealed class MemberLives : IDisposable
{
    private const double Exponent = 0.8;
    private const double MeanSession = 6;
    private const double MinuteGap = 60_000;
    private static readonly string[] Categories = ["tea", "books", "garden", "kitchen", "toys", "music"];
    private static readonly string[] Zones = ["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Sydney", "UTC"];
    private static readonly string[] Clicks = ["view", "view", "view", "view", "view", "like", "share", "favorite", "open", "vote"];
    private static readonly string[] Chats = ["message", "message", "message", "reply", "question", "post"];
    private readonly Random random;
    private readonly double[] cumulative;
    private readonly bool[] joined;
    private readonly (int Member, int Left)[] sessions;
    private readonly ArrayBufferWriter<byte> value = new(512);
    private readonly Utf8JsonWriter json;
    private readonly double step;
    private double clock;
    private long number;

    /// <summary>Lives that fill a stretch of time.</summary>
    /// <param name="members">How many members there are; not all need be met.</param>
    /// <param name="events">How many events the stretch has.</param>
    /// <param name="from">When it begins, epoch milliseconds.</param>
    /// <param name="to">When it ends, epoch milliseconds.</param>
    /// <param name="seed">Same seed, same lives.</param>
    public MemberLives(int members, long events, long from, long to, int seed)
    {
        random = new Random(seed);
        joined = new bool[members];
        cumulative = new double[members];
        var sum = 0.0;
        for (var i = 0; i < members; i++) cumulative[i] = sum += Math.Pow(i + 1, -Exponent);
        step = (to - from) / (double)events;
        clock = from;
        sessions = new (int, int)[Math.Clamp((int)(MinuteGap / step), 1, members)];
        json = new Utf8JsonWriter(value, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Topic of the event last moved to.</summary>
    public Topic Topic { get; private set; }

    /// <summary>Its key: the member's id.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Its value: JSON.</summary>
    public ReadOnlySpan<byte> Value => value.WrittenSpan;

    /// <summary>When it happened, epoch milliseconds.</summary>
    public long At => (long)clock;

    /// <summary>Members met so far.</summary>
    public int Met { get; private set; }

    /// <summary>Moves to the next event.</summary>
    public void Next()
    {
        clock += step;
        number++;
        ref var session = ref sessions[random.Next(sessions.Length)];
        if (session.Left == 0) session = (Draw(), 1 + (int)(-Math.Log(1 - random.NextDouble()) * MeanSession));
        session.Left--;
        Write(session.Member, last: session.Left == 0);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private int Draw()
    {
        var found = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, cumulative.Length - 1);
    }

    private void Write(int who, bool last)
    {
        var name = $"m-{who:0000000}";
        Key = Encoding.ASCII.GetBytes(name);
        value.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteString("id"u8, $"e-{number}");
        json.WriteString("member"u8, name);
        json.WriteString("at"u8, DateTimeOffset.FromUnixTimeMilliseconds(At).UtcDateTime);
        if (!joined[who]) Join(who);
        else if (last && random.Next(3) == 0) Purchase();
        else if (random.Next(4) == 0) Chat();
        else Click();
        json.WriteEndObject();
        json.Flush();
    }

    private void Join(int who)
    {
        joined[who] = true;
        Met++;
        Topic = Topic.Members;
        json.WriteString("kind"u8, "joined"u8);
        json.WriteString("timezone"u8, Zones[random.Next(Zones.Length)]);
        json.WriteString("birthday"u8, $"{1960 + random.Next(45)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}");
        json.WriteStartArray("channels"u8);
        json.WriteStringValue("app"u8);
        json.WriteStringValue("email"u8);
        json.WriteEndArray();
        json.WriteStartObject("consent"u8);
        json.WriteBoolean("app"u8, true);
        json.WriteBoolean("email"u8, random.Next(3) > 0);
        json.WriteEndObject();
    }

    private void Click()
    {
        Topic = Topic.Clicks;
        json.WriteString("kind"u8, random.Next(40) == 0 ? "checkin" : Clicks[random.Next(Clicks.Length)]);
        json.WriteString("target"u8, $"item-{random.Next(5_000)}");
        json.WriteString("category"u8, Categories[random.Next(Categories.Length)]);
        if (random.Next(10) == 0) json.WriteString("author"u8, $"m-{Draw():0000000}");
    }

    private void Purchase()
    {
        Topic = Topic.Purchases;
        json.WriteString("kind"u8, random.Next(20) == 0 ? "refunded" : "paid");
        json.WriteString("order"u8, $"order-{number}");
        json.WriteString("amount"u8, $"{5 + random.Next(95)}.{random.Next(100):00}");
        json.WriteString("currency"u8, "EUR"u8);
        json.WriteStartArray("items"u8);
        for (var i = 1 + random.Next(3); i > 0; i--)
        {
            json.WriteStartObject();
            json.WriteString("sku"u8, $"sku-{random.Next(5_000)}");
            json.WriteString("category"u8, Categories[random.Next(Categories.Length)]);
            json.WriteNumber("quantity"u8, 1 + random.Next(3));
            json.WriteString("price"u8, $"{1 + random.Next(40)}.99");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Chat()
    {
        Topic = Topic.Chats;
        json.WriteString("kind"u8, Chats[random.Next(Chats.Length)]);
        json.WriteString("room"u8, Categories[random.Next(Categories.Length)]);
        json.WriteString("text"u8, "how long does the green one have to steep, and is it any good cold?"u8);
    }
}
