using FsCheck;
using FsCheck.Fluent;
using Streaming.Loadtests.Load.Comparing;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Tests;

public class ComparisonTests
{
    private static readonly Gen<double[]> Samples = Gen.Choose(10, 10_000).Select(n => n / 10.0).ListOf(8).Select(l => l.ToArray());

    [Fact]
    public void A_run_compared_with_itself_has_ratio_1_within_the_noise() =>
        Prop.ForAll(Samples.ToArbitrary(), values =>
        {
            var difference = RatioTest.Compare(values, values)!;
            Assert.True(difference.WithinNoise);
            Assert.Equal(1, difference.Ratio, 9);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_comparison_fails_only_when_the_whole_interval_is_beyond_the_limit() =>
        Prop.ForAll(Samples.SelectMany(a => Samples.Select(b => (a, b))).ToArbitrary(), given =>
        {
            var (there, back) = (RatioTest.Compare(given.a, given.b)!, RatioTest.Compare(given.b, given.a)!);
            foreach (var limit in new[] { 0, 0.1, 1 })
            {
                var longer = Comparison.Worse("purchase → reward, p99 ms", there, limit);
                Assert.Equal(there.Low > 1 + limit, longer);
                Assert.Equal(longer, Comparison.Worse("events per second", back, limit));
                Assert.False(longer && there.WithinNoise);
                Assert.False(longer && Comparison.Worse("purchase → reward, p99 ms", back, limit));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_unknown_difference_is_not_worse() => Assert.False(Comparison.Worse("events per second", null, 0));

    [Fact]
    public void Swapping_the_runs_inverts_the_ratio() =>
        Prop.ForAll(Samples.SelectMany(a => Samples.Select(b => (a, b))).ToArbitrary(), given =>
        {
            var (there, back) = (RatioTest.Compare(given.a, given.b)!, RatioTest.Compare(given.b, given.a)!);
            Assert.Equal(1, there.Ratio * back.Ratio, 6);
            Assert.Equal(there.WithinNoise, back.WithinNoise);
            Assert.InRange(there.Ratio, there.Low, there.High);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_change_is_a_difference_only_beyond_the_spread()
    {
        double[] calm = [10, 10.2, 9.9, 10.1, 10], calmTwice = [20, 20.3, 19.8, 20.1, 20.2];
        Assert.False(RatioTest.Compare(calm, calmTwice)!.WithinNoise);
        double[] wild = [2, 40, 9, 100, 1], wildTwice = [4, 80, 18, 200, 2];
        var unclear = RatioTest.Compare(wild, wildTwice)!;
        Assert.True(unclear.WithinNoise);
        Assert.Equal(2, unclear.Ratio, 6);
    }

    [Fact]
    public void The_interval_matches_a_worked_example_of_Welch()
    {
        // logarithms 1..5 and 3..7: means 3 and 5, variances 2.5, standard error 1, 8 degrees of freedom, t = 2.306
        var difference = RatioTest.Compare([.. Enumerable.Range(1, 5).Select(i => Math.Exp(i))],
            [.. Enumerable.Range(3, 5).Select(i => Math.Exp(i))])!;
        Assert.Equal(Math.Exp(2), difference.Ratio, 9);
        Assert.Equal(Math.Exp(2 - 2.306), difference.Low, 6);
        Assert.Equal(Math.Exp(2 + 2.306), difference.High, 6);
    }

    [Fact]
    public void Fewer_than_three_measurements_give_no_difference() => Assert.Null(RatioTest.Compare([1, 2], [1, 2, 3]));

    [Fact]
    public void One_run_is_compared_by_ten_second_medians_and_three_runs_by_their_results()
    {
        Assert.Equal(6, Rewards(Comparison.Of([Run(10)], [Run(10)])).First);
        Assert.Equal(3, Rewards(Comparison.Of([Run(10), Run(11), Run(12)], [Run(10), Run(11), Run(12)])).First);
        Assert.False(Rewards(Comparison.Of([Run(10)], [Run(30)])).WithinNoise);

        static Difference Rewards(IReadOnlyList<(string Measure, Difference? Difference)> lines) =>
            lines.Single(l => l.Measure.StartsWith("purchase → reward, p99", StringComparison.Ordinal)).Difference!;
    }

    private static LoadResult Run(double p99)
    {
        var points = Enumerable.Range(0, 60).Select(i =>
        {
            var spread = new Spread(100, p99 / 2, p99 / 1.5, p99 + (i % 3 * 0.1), p99 * 2, p99 * 2, p99 * 3);
            return new Point(i, 100, 100, i * 100, 0, spread, spread, spread);
        });
        var whole = new Spread(6_000, p99 / 2, p99 / 1.5, p99, p99 * 2, p99 * 2, p99 * 3);
        return new LoadResult("w", DateTimeOffset.UnixEpoch, "m", [], 6_000, 0, 0, 0, 0, 0, 0, 60, 61, 0, whole, whole, null, whole, whole,
            [.. points]);
    }
}
