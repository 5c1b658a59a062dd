using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.ChurnRisk;

namespace Streaming.Members.Tests;

public class PurchaseModelTests
{
    // Parameters as published; weeks.
    // BTYD package's vignette, CDNOW
    private static readonly PurchaseModel Btyd = new(PurchaseModelKind.BgNbd, 0.2425967, 4.413659, 0.7929869, 2.426164);
    // Fader, Hardie, Lee 2005, table 2
    private static readonly PurchaseModel Paper = new(PurchaseModelKind.BgNbd, 0.243, 4.414, 0.793, 2.426);
    // lifetimes package, CDNOW
    private static readonly PurchaseModel Lifetimes = new(PurchaseModelKind.BgNbd, 0.242593, 4.413532, 0.792886, 2.425752);
    private static readonly PurchaseModel Round = new(PurchaseModelKind.BgNbd, 0.25, 4, 0.8, 2.5); // pymc-marketing's tests
    private static readonly PurchaseModel RoundModified = Round with { Kind = PurchaseModelKind.MbgNbd };

    [Fact]
    public void Expected_purchases_of_a_new_buyer_equal_the_BTYD_vignette() => Same(1.444004, Btyd.ExpectedOfNew(52));

    [Fact]
    public void The_probability_of_being_alive_equals_the_BTYD_vignette() => Same(0.9688523, Btyd.Alive(new(26, 30 + (6 / 7.0), 31)));

    [Theory]
    [InlineData(26, 30.857142857142858, 31, 25.75659)]
    [InlineData(10, 20, 39, 0.3474606)]
    [InlineData(15, 20, 39, 0.04283391)]
    [InlineData(20, 20, 39, 0.004158973)]
    [InlineData(25, 20, 39, 0.0003583685)]
    public void Expected_purchases_in_52_weeks_equal_the_BTYD_vignette(double x, double recency, double age, double expected) =>
        Same(expected, Btyd.Expected(new(x, recency, age), 52));

    [Fact]
    public void The_distribution_of_repeat_purchases_equals_the_papers()
    {
        Same(1.07869e-07, Paper.Probability(10, 2));
        Same(0.5737864, Paper.Probability(0, 39));
    }

    [Theory]
    [InlineData(18, 35.14, 35.86, 0.424877)]
    [InlineData(19, 34, 34.14, 0.474738)]
    [InlineData(17, 28.43, 28.86, 0.486526)]
    [InlineData(29, 37.71, 38, 0.662396)]
    [InlineData(26, 30.86, 31, 0.710623)]
    public void Expected_purchases_of_the_best_buyer_equal_those_of_lifetimes(double x, double recency, double age, double expected) =>
        Assert.Equal(expected, Lifetimes.Expected(new(x, recency, age), 1), 1e-4); // the published recencies are rounded to 0.01 weeks

    [Fact]
    public void Log_likelihoods_equal_those_of_pymc_marketing()
    {
        Same(-0.59947382, Round.LogLikelihood(new(0, 0, 40)));
        Same(100.7957, Round.LogLikelihood(new(200, 38, 40)));
        Same(-0.41792826, RoundModified.LogLikelihood(new(0, 0, 40)));
        Same(100.7869, RoundModified.LogLikelihood(new(200, 38, 40)));
    }

    [Fact]
    public void A_one_time_buyer_is_alive_for_ever_in_BG_NBD_only()
    {
        Assert.Equal(1, Round.Alive(new(0, 0, 1000)));
        Assert.Equal(double.PositiveInfinity, Round.FallsTo(new(0, 0, 0), 0.5));
        Assert.InRange(RoundModified.Alive(new(0, 0, 1000)), 0, 0.6);
        Assert.True(double.IsFinite(RoundModified.FallsTo(new(0, 0, 0), 0.5)));
    }

    [Fact]
    public void The_solved_time_put_back_into_the_probability_gives_the_threshold() => Prop.ForAll(Buyers, buyer =>
    {
        var (model, history, threshold) = buyer;
        var age = model.FallsTo(history, threshold);
        return double.IsPositiveInfinity(age) || Math.Abs(model.Alive(history with { Age = age }) - threshold) < 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Probabilities_of_all_counts_add_up_to_one_and_their_mean_is_the_expectation() => Prop.ForAll(Models, model =>
    {
        double sum = 0, mean = 0;
        for (var x = 0; x < 400; x++)
        {
            var p = model.Probability(x, 3);
            sum += p;
            mean += x * p;
        }

        return Math.Abs(sum - 1) < 1e-9 && Math.Abs(mean - model.ExpectedOfNew(3)) < 1e-6;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_longer_silence_lowers_P_alive_and_the_expected_purchases() => Prop.ForAll(Buyers, buyer =>
    {
        var (model, history, _) = buyer;
        var later = history with { Age = history.Age + 5 };
        return model.Alive(later) <= model.Alive(history) + 1e-12
            && model.Expected(later, 4) <= model.Expected(history, 4) + 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_expectation_exists_where_its_formula_is_zero_by_zero()
    {
        var model = new PurchaseModel(PurchaseModelKind.BgNbd, 0.45, 6.82, 0.14, 0.86);
        Assert.Equal((model with { B = 0.8601 }).ExpectedOfNew(3), model.ExpectedOfNew(3), 1e-4);
    }

    private static readonly Gen<PurchaseModel> AnyModel =
        from kind in Gen.Elements(PurchaseModelKind.MbgNbd, PurchaseModelKind.BgNbd)
        from r in Gen.Choose(10, 300)
        from alpha in Gen.Choose(50, 2000)
        from a in Gen.Choose(10, 99)
        from b in Gen.Choose(50, 500)
        select new PurchaseModel(kind, r / 100.0, alpha / 100.0, a / 100.0, b / 100.0);

    private static Arbitrary<PurchaseModel> Models => AnyModel.ToArbitrary();

    private static Arbitrary<(PurchaseModel Model, PurchaseHistory History, double Threshold)> Buyers => (
        from model in AnyModel
        from x in Gen.Choose(0, 60)
        from recency in Gen.Choose(1, 6000)
        from silence in Gen.Choose(0, 3000)
        from threshold in Gen.Choose(1, 99)
        let last = x == 0 ? 0 : recency / 100.0
        select (model, new PurchaseHistory(x, last, last + (silence / 100.0)), threshold / 100.0)).ToArbitrary();

    // Published values have seven digits at most.
    private static void Same(double expected, double actual) => Assert.Equal(expected, actual, 1e-6 * Math.Abs(expected));
}
