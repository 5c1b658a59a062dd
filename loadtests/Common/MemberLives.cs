using System.Buffers;
using System.Text;
using System.Text.Json;
using Streaming.Members.Events;

namespace Streaming.Loadtests;

/// <summary>Whose lives they are.</summary>
/// <param name="Members">How many members there are; not all need be met.</param>
/// <param name="Sessions">Sessions under way at a time: events per minute, for about a minute between the events of one.</param>
/// <param name="Seed">Same seed, same lives.</param>
/// <param name="Run">Stands in every member's and event's id, so that no run repeats another's. Empty: none.</param>
/// <param name="Exponent">Of Zipf's law, by which members are drawn: at 0.8 the busiest of 50,000 makes 2.6 % of all sessions; 0 for all alike.</param>
/// <param name="HotShare">Share of the sessions that one member has beside that, 0 to 1.</param>
/// <param name="Known">True when these members have joined before, under ids without <paramref name="Run"/>: nobody joins.</param>
/// <param name="Arrivals">
/// Above 0: all members join one after the other, evenly over so many events, and nobody is named as an author, so that nothing goes from one
/// member to another: a past that can be made without a broker. 0: a member joins when it is first drawn.
/// </param>
public sealed record LivesOptions(int Members, int Sessions, int Seed, string Run = "", double Exponent = 0.8, double HotShare = 0, bool Known = false, long Arrivals = 0);

/// <summary>Members' lives as a stream of events: sessions of busy and quiet members side by side, not noise.</summary>
/// <remarks>
/// A member joins with its first event; a session has 6 events on average, mostly clicks, and may end with a purchase.
/// Deterministic. Not thread-safe; the spans it gives are valid until the next event.
/// </remarks>
public sealed class MemberLives : IDisposable
{
    private const double MeanSession = 6;
    private static readonly string[] Categories = ["tea", "books", "garden", "kitchen", "toys", "music"];
    private static readonly string[] Zones = ["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Sydney", "UTC"];
    private static readonly string[] Clicks = ["view", "view", "view", "view", "view", "like", "share", "favorite", "open", "vote"];
    private static readonly string[] Chats = ["message", "message", "message", "reply", "question", "post"];
    private readonly LivesOptions options;
    private readonly Random random;
    private readonly double[] cumulative;
    private readonly bool[] joined;
    private readonly (int Member, int Left)[] sessions;
    private readonly ArrayBufferWriter<byte> value = new(512);
    private readonly Utf8JsonWriter json;
    private long number;

    /// <summary>Lives that have not begun.</summary>
    public MemberLives(LivesOptions options)
    {
        this.options = options;
        random = new Random(options.Seed);
        joined = new bool[options.Members];
        if (options.Known) Array.Fill(joined, true);
        cumulative = new double[options.Members];
        var sum = 0.0;
        for (var i = 0; i < cumulative.Length; i++) cumulative[i] = sum += Math.Pow(i + 1, -options.Exponent);
        sessions = new (int, int)[Math.Max(1, options.Sessions)];
        json = new Utf8JsonWriter(value, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Topic of the event last moved to.</summary>
    public Topic Topic { get; private set; }

    /// <summary>Its key: the member's id.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Its value: JSON.</summary>
    public ReadOnlySpan<byte> Value => value.WrittenSpan;

    /// <summary>Its id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>What it is, as the contract names it.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>Members met so far.</summary>
    public int Met { get; private set; }

    /// <summary>The id of a member of a run.</summary>
    /// <param name="run">The run's part of it, or empty.</param>
    /// <param name="who">Which member, from 0.</param>
    public static string Name(string run, int who) => $"m-{run}{who:0000000}";

    /// <summary>Moves to the next event.</summary>
    /// <param name="at">When it happens, epoch milliseconds.</param>
    public void Next(long at)
    {
        number++;
        if (options.Arrivals > 0 && Met < options.Members && (long)Met * options.Arrivals <= (number - 1) * (Int128)options.Members)
        {
            Write(Met, at, last: false);
            return;
        }

        ref var session = ref sessions[random.Next(sessions.Length)];
        if (session.Left == 0) session = (Draw(), 1 + (int)(-Math.Log(1 - random.NextDouble()) * MeanSession));
        session.Left--;
        Write(session.Member, at, last: session.Left == 0);
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private int Draw()
    {
        if (options.HotShare > 0 && random.NextDouble() < options.HotShare) return 0;
        var found = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
        found = Math.Min(found < 0 ? ~found : found, cumulative.Length - 1);
        return options.Arrivals > 0 ? found % Met : found;
    }

    private string Name(int who) => Name(options.Known ? "" : options.Run, who);

    private void Write(int who, long at, bool last)
    {
        var name = Name(who);
        Id = $"e-{options.Run}{number}";
        Key = Encoding.ASCII.GetBytes(name);
        value.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("member"u8, name);
        json.WriteString("at"u8, DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime);
        if (!joined[who]) Join(who);
        else if (last && random.Next(3) == 0) Purchase();
        else if (random.Next(4) == 0) Chat();
        else Click();
        json.WriteString("kind"u8, Kind);
        json.WriteEndObject();
        json.Flush();
    }

    private void Join(int who)
    {
        joined[who] = true;
        Met++;
        Topic = Topic.Members;
        Kind = "joined";
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
        Kind = random.Next(40) == 0 ? "checkin" : Clicks[random.Next(Clicks.Length)];
        json.WriteString("target"u8, $"item-{random.Next(5_000)}");
        json.WriteString("category"u8, Categories[random.Next(Categories.Length)]);
        if (random.Next(10) == 0 && options.Arrivals == 0) json.WriteString("author"u8, Name(Draw()));
    }

    private void Purchase()
    {
        Topic = Topic.Purchases;
        Kind = random.Next(20) == 0 ? "refunded" : "paid";
        json.WriteString("order"u8, $"order-{options.Run}{number}");
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
        Kind = Chats[random.Next(Chats.Length)];
        json.WriteString("room"u8, Categories[random.Next(Categories.Length)]);
        json.WriteString("text"u8, "how long does the green one have to steep, and is it any good cold?"u8);
    }
}
