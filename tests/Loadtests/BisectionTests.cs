using FsCheck;
using FsCheck.Fluent;
using Streaming.Loadtests.Load.Finding;

namespace Streaming.Loadtests.Tests;

public class BisectionTests
{
    [Fact]
    public void Bisection_finds_any_limit_within_its_resolution_in_16_steps() =>
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
    public void Bisection_ends_at_the_highest_rate_when_it_is_sustained()
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
    public void Bisection_ends_with_0_when_no_rate_is_sustained()
    {
        var search = new Bisection(1_000, 5_000, 0.1);
        while (search.Next is { } rate) search.Tried(rate, false);
        Assert.Equal(0, search.Held);
    }
}
