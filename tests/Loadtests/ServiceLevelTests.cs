using Streaming.Common.CommandLine;
using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Tests;

public class ServiceLevelTests
{
    [Fact]
    public void A_level_is_held_at_its_limit_and_missed_above_it()
    {
        var levels = new ServiceLevels { RewardP99Ms = 10, LagAtEnd = 5, ErrorShare = 0.01 };
        Assert.Empty(levels.Misses(new Findings { RewardP99Ms = 10, LagAtEnd = 5, ErrorShare = 0.01 }));
        var misses = levels.Misses(new Findings { RewardP99Ms = 10.5, LagAtEnd = 6, ErrorShare = 0.02 });
        Assert.Equal(3, misses.Count);
        Assert.Contains("purchase to reward, p99: 10.5 ms, at most 10 wanted", misses);
    }

    [Fact]
    public void An_unmeasured_level_is_missed_and_an_unset_level_is_not_judged()
    {
        var misses = new ServiceLevels { AlertP99Ms = 10, Exact = true }.Misses(new Findings { RewardP99Ms = 1e9 });
        Assert.Equal(2, misses.Count);
        Assert.All(misses, m => Assert.Contains("not measured", m, StringComparison.Ordinal));
        Assert.Empty(new ServiceLevels().Misses(new Findings()));
    }

    [Fact]
    public void A_NaN_figure_misses_its_level() =>
        Assert.Single(new ServiceLevels { RewardP99Ms = 10 }.Misses(new Findings { RewardP99Ms = double.NaN }));

    [Fact]
    public void A_run_that_is_not_exact_misses_the_level_exact() =>
        Assert.Single(new ServiceLevels { Exact = true }.Misses(new Findings { Exact = false }));

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_service_level_file_is_valid(string file) => Assert.NotNull(ServiceLevels.Read(file));

    [Fact]
    public void A_wrong_file_is_refused_with_every_error_at_once()
    {
        using var folder = new TestKit.TemporaryDirectory();
        var file = Path.Combine(folder.Path, "slo.yaml");
        File.WriteAllText(file, "rewardP99Ms: -1\nerrorShare: 2\n");
        var refused = Assert.Throws<CommandException>(() => ServiceLevels.Read(file));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("rewardP99Ms is -1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("errorShare is 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_its_line()
    {
        using var folder = new TestKit.TemporaryDirectory();
        var file = Path.Combine(folder.Path, "slo.yaml");
        File.WriteAllText(file, "exact: true\nrewardP98Ms: 1\n");
        Assert.Contains("line 2", Assert.Throws<CommandException>(() => ServiceLevels.Read(file)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Shipped() => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "slo"), "*.yaml")];
}
