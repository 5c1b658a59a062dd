using System.Text.Json.Nodes;
using Streaming.Loadtests.Load.Runs;
using Streaming.TestKit.Scenarios;

namespace Streaming.Loadtests.Tests;

/// <summary>What a storm makes ready falls due at its instant and not before, under the shipped rules, whatever the hour.</summary>
public class StormTests
{
    [Theory]
    [InlineData(StormPlan.QuietHours, 0)]
    [InlineData(StormPlan.QuietHours, 21)]
    [InlineData(StormPlan.Birthday, 7)]
    [InlineData(StormPlan.Birthday, 22)]
    [InlineData(StormPlan.Expiry, 3)]
    [InlineData(StormPlan.Expiry, 16)]
    public Task Each_members_storm_message_falls_due_exactly_at_the_instant(string kind, int hour)
    {
        var now = At(hour, 20);
        var storm = new StormPlan { Kind = kind, LeadSeconds = 60 };
        return MeetsAsync(storm, storm.InstantAfter(now), now, "");
    }

    [Theory]
    [InlineData(StormPlan.QuietHours, 0)]
    [InlineData(StormPlan.Birthday, 17)]
    public Task A_storm_of_an_own_installation_comes_within_minutes(string kind, int hour)
    {
        var now = At(hour, 58);
        var storm = new StormPlan { Kind = kind, LeadSeconds = 60 };
        var rules = storm.OwnRules(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rules.yaml")), now);
        var instant = storm.InstantAfter(now);
        Assert.InRange(instant - now, 60_000, 6 * 60_000);
        return MeetsAsync(storm, instant, now, rules);
    }

    private static long At(int hour, int minute) => new DateTimeOffset(2027, 3, 9, hour, minute, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static async Task MeetsAsync(StormPlan storm, long instant, long now, string rules)
    {
        var steps = new List<Step>();
        foreach (var e in storm.Prepare("ann", instant, now))
        {
            steps.Add(new Step(e.Topic, "ann", $$"""{"id":"{{e.Id}}","member":"ann","at":{{e.At}},"kind":"{{e.Kind}}",{{e.Fields}}}""",
                now));
        }

        steps.Add(new Step(null, "", "", instant - 1));
        var before = await ScenarioRun.RunAsync(steps, rules, new Course([16], 1));
        Assert.DoesNotContain(before.Effects.Values, e => Is(e, storm.Effect));

        steps.Add(new Step(null, "", "", instant));
        var after = await ScenarioRun.RunAsync(steps, rules, new Course([16], 1));
        var message = Assert.Single(after.Effects.Values, e => Is(e, storm.Effect));
        Assert.Equal("ann", message["member"]!.GetValue<string>());
    }

    private static bool Is(JsonObject effect, string kind) => effect["kind"]?.GetValue<string>() == kind;
}
