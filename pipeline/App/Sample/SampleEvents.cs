using System.Globalization;
using System.Text.Json.Nodes;

namespace Streaming.App.Sample;

/// <summary>What sample members do next. A few are busy, most are quiet; one event in five
/// hundred is malformed, so that dead letters are seen too.</summary>
internal sealed class SampleEvents(int members, long run)
{
    private static readonly string[] Categories = ["tea", "books", "garden", "kitchen", "toys", "music"];
    private static readonly string[] Zones = ["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Sydney", "UTC"];
    private readonly Random random = new(17);
    private readonly bool[] joined = new bool[members];
    private readonly Dictionary<int, (string Id, string Amount)> bought = []; // the last order of each member, which may be refunded
    private long number;

    /// <summary>The next event: topic, member, JSON.</summary>
    public (string Topic, string Member, string Json) Next(DateTimeOffset now)
    {
        // squaring a uniform draw makes low numbers busy and high ones quiet
        var draw = random.NextDouble();
        var who = (int)(draw * draw * members);
        var member = Name(who);
        var json = new JsonObject { ["id"] = $"sample-{run}-{++number}", ["member"] = member,
            ["at"] = now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) };
        if (!joined[who])
        {
            joined[who] = true;
            return ("members", member, Join(json).ToJsonString());
        }

        if (random.Next(500) == 0) return ("clicks", member, json.ToJsonString()[..^1]);
        var (topic, filled) = Act(json, who);
        return (topic, member, filled.ToJsonString());
    }

    private static string Name(int who) => string.Create(CultureInfo.InvariantCulture, $"sample-{who:000}");

    private JsonObject Join(JsonObject json)
    {
        json["kind"] = "joined";
        json["timezone"] = Pick(Zones);
        json["birthday"] = string.Create(CultureInfo.InvariantCulture,
            $"{1960 + random.Next(45)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}");
        json["channels"] = new JsonArray("app", "email");
        json["consent"] = new JsonObject { ["app"] = true, ["email"] = random.Next(3) > 0 };
        return json;
    }

    private (string Topic, JsonObject Json) Act(JsonObject json, int who)
    {
        switch (random.Next(100))
        {
            case < 60:
                json["kind"] = Pick(["view", "view", "view", "like", "share", "favorite", "checkin", "open"]);
                json["target"] = $"item-{random.Next(500)}";
                json["category"] = Pick(Categories);
                if (random.Next(3) == 0) json["author"] = Name((who + 1 + random.Next(20)) % members);
                return ("clicks", json);
            case < 75:
                (string Id, string Amount) order = default;
                var back = random.Next(12) == 0 && bought.Remove(who, out order);
                if (!back)
                    order = bought[who] = ($"order-{run}-{number}", ((500 + random.Next(9_500)) / 100m)
                        .ToString("0.00", CultureInfo.InvariantCulture));
                json["kind"] = back ? "refunded" : "paid";
                json["order"] = order.Id;
                json["amount"] = order.Amount;
                json["currency"] = "EUR";
                return ("purchases", json);
            default:
                json["kind"] = Pick(["message", "message", "reply", "question", "review", "post"]);
                json["room"] = Pick(Categories);
                json["text"] = "…";
                if (json["kind"]!.GetValue<string>() == "review") json["rating"] = 1 + random.Next(5);
                return ("chats", json);
        }
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
