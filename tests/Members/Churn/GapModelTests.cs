using FsCheck;
using FsCheck.Fluent;

namespace Streaming.Members.Tests;

public class GapModelTests
{
    // Akka's PhiAccrualFailureDetectorSpec: mean 1000, deviation 100.
    [Theory]
    [InlineData(500, 0.1)]
    [InlineData(1000, 0.3)]
    [InlineData(1200, 1.6)]
    [InlineData(1400, 4.7)]
    [InlineData(1600, 10.8)]
    [InlineData(1700, 15.3)]
    public void Phi_is_what_Akka_says(double silence, double expected) => Assert.Equal(expected, GapModel.Phi(silence, 1000, 100), 0.1);

    [Fact]
    public void The_solved_silence_put_back_gives_phi() => Prop.ForAll(Gen.Choose(50, 1200).ToArbitrary(), hundredths =>
    {
        var phi = hundredths / 100.0;
        return Math.Abs(GapModel.Phi(10 + (2 * GapModel.Deviations(phi)), 10, 2) - phi) < 1e-9 * Math.Max(1, phi);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_rules_follow_a_changed_phi()
    {
        var strict = new GapRules { Phi = 8 };
        Assert.Equal(8, GapModel.Phi(strict.DueAfter(10, 2), 10, 2), 1e-7);
        Assert.Equal(3, GapModel.Phi(new GapRules().DueAfter(10, 2), 10, 2), 1e-7);
    }

    [Fact]
    public void Mean_and_deviation_are_those_of_the_gaps() => Prop.ForAll(Gen.NonEmptyListOf(Gen.Choose(1, 400)).Select(l => l.Take(100).ToArray()).ToArbitrary(), gaps =>
    {
        var state = default(VisitGaps);
        foreach (var gap in gaps) state.Add(gap / 10.0, 2.5);
        var mean = gaps.Average() / 10;
        var deviation = gaps.Length < 2 ? 0 : Math.Sqrt(gaps.Sum(g => ((g / 10.0) - mean) * ((g / 10.0) - mean)) / gaps.Length);
        return Math.Abs(state.Mean - mean) < 1e-9 && Math.Abs(state.Deviation - deviation) < 1e-9;
    }).QuickCheckThrowOnFailure();
}
