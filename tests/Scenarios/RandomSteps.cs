using System.Globalization;
using System.Text.Json.Nodes;
using Streaming.Members.Events;
using Streaming.TestKit.Scenarios;

namespace Streaming.Scenarios.Tests;

/// <summary>Steps drawn from a seed: a few members who send purchases, clicks, chats and redemptions with gaps between; some events twice,
/// some late, some malformed.</summary>
internal static class RandomSteps
{
    public const int Steps = 60;

    public static IReadOnlyList<Step> Make(int seed)
    {
        var random = new Random(seed);
        var now = DateTimeOffset.Parse("2026-01-05T08:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        var steps = new List<Step>();
        for (var i = 0; i < Steps; i++)
        {
            now += random.Next(4) == 0 ? random.Next(1, 40) * 86_400_000L : random.Next(1, 7_200_000);
            steps.Add(random.Next(13) switch
            {
                2 => Step.ReadSignals(now),
                0 => new Step(null, "", "", now),
                1 when steps.LastOrDefault(s => s.Topic is not null) is { } again => again with { Now = now },
                _ => Event(random, i, now),
            });
        }

        steps.Add(Step.ReadSignals(now));
        steps.Add(new Step(null, "", "", now + 400L * 86_400_000));
        return steps;
    }

    private static Step Event(Random random, int number, long now)
    {
        var member = $"m{random.Next(5)}";
        var at = now - (random.Next(6) == 0 ? random.Next(1, 50_000_000) : 0);
        var json = new JsonObject { ["id"] = $"e{number}", ["member"] = member, ["at"] = at };
        var topic = (Topic)random.Next(4);
        switch (topic)
        {
            case Topic.Clicks:
                json["kind"] = random.Next(40) == 0 ? "unknown" : Pick(random, "view", "like", "share", "checkin", "checkin");
                json["author"] = $"m{random.Next(5)}";
                break;
            case Topic.Purchases:
                json["kind"] = Pick(random, "paid", "paid", "paid", "refunded", "cancelled");
                json["order"] = $"o{number}";
                json["amount"] = (random.Next(1, 50_000) / 100m).ToString(CultureInfo.InvariantCulture);
                json["currency"] = "EUR";
                break;
            case Topic.Chats:
                json["kind"] = Pick(random, "message", "review", "complaint", "resolved", "question");
                json["room"] = "tea";
                json["text"] = "…";
                json["rating"] = random.Next(1, 6);
                break;
            default:
                Facts(random, json, number);
                break;
        }

        return new Step(topic, member, json.ToJsonString(), now);
    }

    private static void Facts(Random random, JsonObject json, int number)
    {
        switch (random.Next(4))
        {
            case 0:
                json["kind"] = "joined";
                json["birthday"] = "1990-02-28";
                json["timezone"] = Pick(random, "Europe/Berlin", "Asia/Shanghai", "UTC");
                json["channels"] = new JsonArray("app", "email");
                json["consent"] = new JsonObject { ["app"] = random.Next(2) == 0, ["email"] = true };
                break;
            case 1:
                json["kind"] = "redeem";
                json["gift"] = "cup";
                json["points"] = random.Next(1, 200);
                json["request"] = $"r{number}";
                break;
            default:
                json["kind"] = "updated";
                json["timezone"] = Pick(random, "Europe/Berlin", "America/New_York");
                break;
        }
    }

    private static string Pick(Random random, params string[] from) => from[random.Next(from.Length)];
}
