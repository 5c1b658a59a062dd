using Streaming.Loadtests.Load.Finding;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Tests;

/// <summary>Each stage is named by the sign that is its own.</summary>
public class LimitTests
{
    private static readonly Dictionary<string, double> Quiet = new() { ["committer"] = 0.1, ["shards"] = 0.2, ["intake"] = 0.1 };

    private static Step Base => new(10_000, 10_000, 2_000, 0, 0, 0, 0, 0.5, Quiet, 0.3);

    public static TheoryData<Step, Stage> Signs() => new()
    {
        { Base with { Refused = 0.3 }, Stage.Broker },
        { Base with { Sent = 7_000 }, Stage.Generator },
        { Base with { WaitingPerSecond = 2 }, Stage.ClickHouse },
        { Base with { UnsentPerSecond = 9 }, Stage.KafkaSink },
        { Base with { Cores = new Dictionary<string, double> { ["committer"] = 0.97 } }, Stage.Committer },
        { Base with { Cores = new Dictionary<string, double> { ["intake"] = 0.97 } }, Stage.Intake },
        { Base with { Cores = new Dictionary<string, double> { ["shards"] = Environment.ProcessorCount * 0.95 } }, Stage.Shards },
        { Base with { Busy = 0.99 }, Stage.Processors },
        { Base with { Busy = 0.99, Sent = 7_000 }, Stage.Processors },
        { Base with { Busy = 0.99, WaitingPerSecond = 2 }, Stage.Processors },
        { Base with { Busy = 0.99, WaitingPerSecond = 2, Cores = new Dictionary<string, double> { ["committer"] = 0.97 } },
        Stage.Committer },
        { Base with { Held = 0.9 }, Stage.Shards },
        { Base with { Cores = new Dictionary<string, double>() }, Stage.Unknown },
    };

    [Theory]
    [MemberData(nameof(Signs))]
    public void Each_symptom_names_its_limiting_stage(Step step, Stage stage) => Assert.Equal(stage, Limit.Of(step).Stage);

    [Fact]
    public void When_all_processors_are_busy_their_users_and_the_first_lagging_stage_are_named()
    {
        var (_, why) = Limit.Of(Base with { Busy = 1, WaitingPerSecond = 2 });
        Assert.Contains("generator 0.30", why, StringComparison.Ordinal);
        Assert.Contains("pipeline 0.40", why, StringComparison.Ordinal);
        Assert.Contains(nameof(Stage.ClickHouse), why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_is_steady_when_all_was_sent_and_the_lag_did_not_grow()
    {
        Assert.True((Base with { LagPerSecond = 100 }).Steady);
        Assert.True((Base with { LagPerSecond = null }).Steady);
        Assert.False((Base with { LagPerSecond = 300 }).Steady);
        Assert.False((Base with { LagPerSecond = 0, Sent = 9_000 }).Steady);
    }

    [Fact]
    public void Growth_is_the_least_squares_slope()
    {
        Reading[] rising = [.. Enumerable.Range(0, 20).Select(i =>
            new Reading(i, (500 * i) + (i % 2 == 0 ? 40 : -40), null, 0, 0, Quiet, 0, 0))];
        Assert.InRange(Step.Slope(rising, r => r.Lag), 490, 510);
        Assert.Equal(0, Step.Slope(rising[..1], r => r.Lag));
    }
}
