using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Rules;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Rewards.Achievements;
using Streaming.Members.Rules;
using Streaming.TestKit.Scenarios;
using Outcome = Streaming.TestKit.Scenarios.Outcome;

namespace Streaming.Scenarios.Tests;

/// <summary>A record that makes the program fail leaves a dead letter and changes nothing else, for its member and all others, also after a
/// crash.</summary>
public sealed class PoisonLaws
{
    private const long Day = 86_400_000;

    [Fact]
    public void Records_the_program_fails_on_change_no_effect_or_state()
    {
        var courses = from seed in Gen.Choose(0, 100_000)
                      from sizes in Gen.ListOf(Gen.Choose(1, 9)).Where(l => l.Count > 0)
                      from shards in Gen.Choose(1, 3)
                      from crash in Gen.OneOf(Gen.Constant(0), Gen.Choose(20, RandomSteps.Steps - 1))
                      select (Seed: seed, Course: new Course([.. sizes], shards, crash, 2) { Flaw = FailOnVotes });
        Prop.ForAll(courses.ToArbitrary(), c => Holds(c.Seed, c.Course).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }

    [Fact]
    public void Refusals_of_a_record_the_program_fails_on_hold_for_any_batches_and_after_a_crash()
    {
        var courses = from seed in Gen.Choose(0, 100_000)
                      from sizes in Gen.ListOf(Gen.Choose(1, 9)).Where(l => l.Count > 0)
                      from shards in Gen.Choose(1, 3)
                      from crash in Gen.OneOf(Gen.Constant(0), Gen.Choose(20, RandomSteps.Steps - 1))
                      select (Seed: seed, Course: new Course([.. sizes], shards, crash,
                          2) { Flaw = rules => FailOn(rules, EventKind.Adjust) });
        Prop.ForAll(courses.ToArbitrary(), c => Refuses(c.Seed, c.Course).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_member_whose_wake_fails_is_put_aside_and_woken_by_a_fixed_program(int crash)
    {
        const long Joined = 1_800_000_000_000, Birthday = Joined + (40 * Day) + (3 * Day / 24); // 15 January 2027 08:00, 24 February 11:00
        Step[] steps =
        [
            Fact("due", Joined, "joined", ",\"birthday\":\"1990-02-24\""), Fact("other", Joined, "joined", ""),
            new Step(null, "", "", Birthday),
            Event("due", "share", Birthday + 1), Event("other", "share", Birthday + 1),
        ];
        var sound = await ScenarioRun.RunAsync(steps, "{}", new Course([1], 1));
        var flawedCourse = new Course([1], 2, crash, 1) { Flaw = FailOnGreetings };
        var flawed = await ScenarioRun.RunAsync([.. steps, new Step(null, "", "", Birthday + 2)], "{}", flawedCourse);
        var greeting = Assert.Single(sound.Effects, e => Text(e.Value, "kind") == "care-action").Key;
        Assert.Equal(crash > 0, flawed.Effects.ContainsKey(greeting));
        Assert.Empty(flawed.DeadLetters);
        // whatever became of the wake, events count: those of the member too
        Assert.Equal(Told(sound, "points-earned"), Told(flawed, "points-earned"));
        Assert.NotEmpty(Told(sound, "points-earned"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task A_member_whose_settle_fails_is_put_aside_and_settled_by_a_fixed_program(int crash)
    {
        const long Joined = 1_800_000_000_000;
        Step[] steps =
        [
            Fact("born", Joined, "joined", ",\"birthday\":\"1990-02-24\""), Fact("other", Joined, "joined", ""),
            Step.ChangeRules("{care: {birthdayAt: '11:00'}}", Joined + 1), Event("other", "share", Joined + 2),
            new Step(null, "", "", Joined + 3),
        ];
        var sound = await ScenarioRun.RunAsync(steps, "{}", new Course([1], 1));
        var flawed = await ScenarioRun.RunAsync(steps, "{}", new Course([1], 2, crash, 1) { Flaw = FailToSettle });
        Assert.Empty(flawed.DeadLetters);
        Assert.Equal(Told(sound, "points-earned"), Told(flawed, "points-earned"));
        Assert.NotEmpty(Told(sound, "points-earned"));
        Assert.Equal(RulesOf(sound, "other"), RulesOf(flawed, "other"));
        Assert.Equal(crash > 0, RulesOf(sound, "born") == RulesOf(flawed, "born"));
    }

    private static async Task<bool> Refuses(int seed, Course course)
    {
        var random = new Random(seed);
        var (poisoned, refused) = (new List<Step>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var step in RandomSteps.Make(seed))
        {
            poisoned.Add(step);
            if ((poisoned.Count > 1 && random.Next(3) != 0) || (course.CrashAfter > 0 && poisoned.Count >= course.CrashAfter)) continue;
            var member = string.Create(CultureInfo.InvariantCulture, $"m{random.Next(5)}");
            refused.Add(member);
            var (id, rest) = ($"p{poisoned.Count}", """
                "kind":"adjust","points":7,"reason":"x","approver":"a","consent":{"post":false}
                """);
            poisoned.Add(new Step(Topic.Members, member, $$"""{"id":"{{id}}","member":"{{member}}","at":{{step.Now}},{{rest}} }""",
                step.Now));
        }

        var straight = await ScenarioRun.RunAsync(poisoned, "{}", new Course([1], 1) { Flaw = course.Flaw });
        var outcome = await ScenarioRun.RunAsync(poisoned, "{}", course);
        ScenarioTests.Same(straight, outcome);
        var rules = RulesLoader.Load("{}").Rules!;
        foreach (var member in refused)
            Assert.False(ScenarioRun.View(member, outcome.States[member], rules, poisoned[^1].Now).Facts.Consent["post"]);
        return true;
    }

    private static async Task<bool> Holds(int seed, Course course)
    {
        var steps = RandomSteps.Make(seed);
        var (poisoned, votes) = Poison(steps, seed, course.CrashAfter);
        var straight = await ScenarioRun.RunAsync(steps, "{}", new Course([1], 1));
        var outcome = await ScenarioRun.RunAsync(poisoned, "{}", course);
        ScenarioTests.Same(straight, outcome);
        Assert.Equal(votes.Order(StringComparer.Ordinal), outcome.DeadLetters.Where(l => l.Contains("\"vote\"", StringComparison.Ordinal))
            .Distinct().Order(StringComparer.Ordinal));
        return true;
    }

    /// <summary>Puts votes among the steps, before the crash where there is one: after it the program is mended.</summary>
    private static (List<Step> Steps, List<string> Votes) Poison(IReadOnlyList<Step> steps, int seed, int crash)
    {
        var random = new Random(seed);
        var (poisoned, votes) = (new List<Step>(), new List<string>());
        foreach (var step in steps)
        {
            poisoned.Add(step);
            if ((poisoned.Count > 1 && random.Next(3) != 0) || (crash > 0 && poisoned.Count >= crash)) continue;
            var member = string.Create(CultureInfo.InvariantCulture, $"m{random.Next(5)}");
            var vote = $$"""{"id":"v{{votes.Count}}","member":"{{member}}","at":{{step.Now}},"kind":"vote","target":"poll","choice":"a"}""";
            votes.Add(vote);
            poisoned.Add(new Step(Topic.Clicks, member, vote, step.Now));
        }

        return (poisoned, votes);
    }

    /// <summary>Puts a null badge rule for this kind, so that the core fails after it has changed score, stage and points.</summary>
    private static void FailOnVotes(RuleSet rules) => FailOn(rules, EventKind.Vote);

    private static void FailOn(RuleSet rules, EventKind kind)
    {
        var byKind = (BadgeRule[][])typeof(BadgesRules)
            .GetField("byKind", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(rules.Badges)!;
        byKind[(int)kind] = [null!];
    }

    /// <summary>No names of channels: the core fails where an action looks for one.</summary>
    private static void FailOnGreetings(RuleSet rules) => Plant(rules.Care, "ChannelNames", null);

    /// <summary>No care in the rules that come: the core fails where a birthday is planned anew.</summary>
    private static void FailToSettle(RuleSet rules)
    {
        if (rules.Care.BirthdayAt.Hour == 11) Plant(rules, nameof(RuleSet.Care), null);
    }

    private static void Plant(object into, string property, object? value) =>
        into.GetType().GetField($"<{property}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(into, value);

    private static Step Fact(string member, long now, string kind, string more) =>
        new(Topic.Members, member, $$"""{"id":"{{kind}}","member":"{{member}}","at":{{now}},"kind":"{{kind}}"{{more}} }""", now);

    private static Step Event(string member, string kind, long now) =>
        new(Topic.Clicks, member, $$"""{"id":"{{kind}}","member":"{{member}}","at":{{now}},"kind":"{{kind}}","target":"t"}""", now);

    private static ulong RulesOf(Outcome outcome, string member)
    {
        var state = new Member();
        state.Read(outcome.States[member]);
        return state.RulesVersion;
    }

    private static string Text(JsonObject message, string field) => message[field]?.GetValue<string>() ?? "";

    private static List<string> Told(Outcome outcome, string kind) =>
        [.. outcome.Effects.Where(e => Text(e.Value, "kind") == kind).Select(e => e.Key).Order(StringComparer.Ordinal)];
}
