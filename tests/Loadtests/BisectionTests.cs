using FsCheck;
using FsCheck.Fluent;
using Streaming.Loadtests.Load.Finding;

namespace Streaming.Loadtests.Tests;

public class BisectionTests
{
    [Fact]
    public void It_finds_any_limit_to_its_resolution_in_few_steps() =>
        Prop.ForAll(Gen.Choose(20, 100_000).ToArbitrary(), limit =>
        {
            var search = new Bisection(1_000, 200_000, 0.1);
            var steps = 0;
            for (; search.Next is { } rate; steps++) search.Tried(rate, rate <= limit);
            Assert.True(search.Held <= limit && search.Failed > limit);
            Assert.True(search.Failed / search.Held <= 1.1);
            Assert.InRange(steps, 1, 16);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_limit_above_the_highest_rate_ends_there()
    {
        var search = new Bisection(1_000, 5_000, 0.1);
        var tried = new List<double>();
        while (search.Next is { } rate)
        {
            tried.Add(rate);
            search.Tried(rate, true);
        }

        Assert.Equal([1_000, 2_000, 4_000, 5_000], tried);
        Assert.Equal(5_000, search.Held);
    }

    [Fact]
    public void What_sustains_nothing_is_given_up()
    {
        var search = new Bisection(1_000, 5_000, 0.1);
        while (search.Next is { } rate) search.Tried(rate, false);
        Assert.Equal(0, search.Held);
    }
}
