using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.ChurnRisk;

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
    public void Phi_equals_the_values_of_Akkas_tests(double silence, double expected) =>
        Assert.Equal(expected, GapModel.Phi(silence, 1000, 100), 0.1);

    [Fact]
    public void The_solved_silence_put_back_gives_phi() => Prop.ForAll(Gen.Choose(50, 1200).ToArbitrary(), hundredths =>
    {
        var phi = hundredths / 100.0;
        return Math.Abs(GapModel.Phi(10 + (2 * GapModel.Deviations(phi)), 10, 2) - phi) < 1e-9 * Math.Max(1, phi);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_changed_phi_changes_the_silence_limit()
    {
        var strict = new GapRules { Phi = 8 };
        Assert.Equal(8, GapModel.Phi(strict.DueAfter(10, 2), 10, 2), 1e-7);
        Assert.Equal(3, GapModel.Phi(new GapRules().DueAfter(10, 2), 10, 2), 1e-7);
    }

    [Fact]
    public void Mean_and_deviation_of_ordinary_gaps_are_estimated() =>
        Prop.ForAll(Gen.NonEmptyListOf(Gen.Choose(1, 70)).Select(l => l.Take(100).ToArray()).ToArbitrary(), gaps =>
    {
        var state = default(VisitGaps);
        var wide = new ChurnRules { Gaps = new GapRules { MinDeviationDays = 365 } }; // no gap is too long
        foreach (var gap in gaps) state.Add(gap / 10.0, wide);
        var mean = gaps.Average() / 10;
        var deviation = gaps.Length < 2 ? 0 : Math.Sqrt(gaps.Sum(g => ((g / 10.0) - mean) * ((g / 10.0) - mean)) / gaps.Length);
        return Math.Abs(state.Mean - mean) < 1e-9
            && Math.Abs(state.Deviation(new GapRules { MinDeviationDays = 0.01 }) - Math.Max(0.01, deviation)) < 1e-7;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_absence_changes_mean_and_deviation_by_a_bounded_step() => Prop.ForAll(
        Gen.Choose(10, 70).NonEmptyListOf().Select(l => l.ToArray()).ToArbitrary(), Gen.Choose(100, 36_500).ToArbitrary(),
            (gaps, absence) =>
    {
        var rules = new ChurnRules();
        var state = default(VisitGaps);
        foreach (var gap in gaps) state.Add(gap / 10.0, rules);
        var usual = state;
        state.Add(absence, rules);
        var step = 3 * usual.Deviation(rules.Gaps) / Math.Min(state.Count, 100);
        return state.Mean <= usual.Mean + step + 1e-9 && state.Deviation(rules.Gaps) <= 3 * usual.Deviation(rules.Gaps);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 10)]
    [InlineData(7, 21)]
    [InlineData(0.5, 7)]
    public void A_lasting_change_of_rhythm_is_learned(double before, double after)
    {
        var rules = new ChurnRules();
        var state = default(VisitGaps);
        for (var i = 0; i < 20; i++) state.Add(before, rules);
        for (var i = 0; i < 20; i++) state.Add(after, rules);
        Assert.True(rules.Gaps.DueAfter(state.Mean, state.Deviation(rules.Gaps)) > after,
            $"mean {state.Mean}, deviation {state.Deviation(rules.Gaps)}");
    }
}
