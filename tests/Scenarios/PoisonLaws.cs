using System.Globalization;
using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Events;
using Streaming.Members.Rewards;
using Streaming.Members.Rules;
using Streaming.TestKit.Scenarios;

namespace Streaming.Scenarios.Tests;

/// <summary>A record the program fails on half-way is as if it had never come, but for its dead letter: for its member, for all others, and
/// after a crash.</summary>
public sealed class PoisonLaws
{
    [Fact]
    public void Records_the_program_fails_on_leave_effects_and_states_as_they_are_without_them()
    {
        var courses = from seed in Gen.Choose(0, 100_000)
                      from sizes in Gen.ListOf(Gen.Choose(1, 9)).Where(l => l.Count > 0)
                      from shards in Gen.Choose(1, 3)
                      from crash in Gen.OneOf(Gen.Constant(0), Gen.Choose(20, RandomLives.Steps - 1))
                      select (Seed: seed, Course: new Course([.. sizes], shards, crash, 2) { Flaw = FailOnVotes });
        Prop.ForAll(courses.ToArbitrary(), c => Holds(c.Seed, c.Course).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }

    private static async Task<bool> Holds(int seed, Course course)
    {
        var steps = RandomLives.Make(seed);
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
            if (random.Next(3) != 0 || (crash > 0 && poisoned.Count >= crash)) continue;
            var member = string.Create(CultureInfo.InvariantCulture, $"m{random.Next(5)}");
            var vote = $$"""{"id":"v{{votes.Count}}","member":"{{member}}","at":{{step.Now}},"kind":"vote","target":"poll","choice":"a"}""";
            votes.Add(vote);
            poisoned.Add(new Step(Topic.Clicks, member, vote, step.Now));
        }

        return (poisoned, votes);
    }

    /// <summary>A null where votes look for their badges: the core fails behind the score, the stage and the points of the same
    /// turn.</summary>
    private static void FailOnVotes(RuleSet rules)
    {
        var byKind = (BadgeRule[][])typeof(BadgesRules)
            .GetField("byKind", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(rules.Badges)!;
        byKind[(int)EventKind.Vote] = [null!];
    }
}
