using FsCheck;
using FsCheck.Fluent;
using Streaming.TestKit.Scenarios;

namespace Streaming.Scenarios.Tests;

/// <summary>Effects and states do not depend on the batch sizes, the number of shards or the time of a crash.</summary>
public sealed class CrashLaws
{
    [Fact]
    public void Effects_and_states_do_not_depend_on_batches_shards_or_a_crash()
    {
        var courses = from seed in Gen.Choose(0, 100_000)
                      from sizes in Gen.ListOf(Gen.Choose(1, 9)).Where(l => l.Count > 0)
                      from shards in Gen.Choose(1, 4)
                      from crash in Gen.Choose(1, RandomSteps.Steps - 1)
                      from after in Gen.Choose(1, 4)
                      select (Seed: seed, Course: new Course([.. sizes], shards, crash, after));
        Prop.ForAll(courses.ToArbitrary(), c => Holds(c.Seed, c.Course).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }

    private static async Task<bool> Holds(int seed, Course course)
    {
        var steps = RandomSteps.Make(seed);
        var straight = await ScenarioRun.RunAsync(steps, "{}", new Course([1], 1));
        Assert.NotEmpty(straight.Effects);
        try
        {
            ScenarioTests.Same(straight, await ScenarioRun.RunAsync(steps, "{}", course));
            return true;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}, batches of {string.Join(' ', course.Sizes)}, {course.Shards} shards, a crash " +
                $"after {course.CrashAfter}, then {course.ShardsAfterCrash} shards: {e.Message}", e);
        }
    }
}
