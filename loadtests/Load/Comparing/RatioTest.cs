namespace Streaming.Loadtests.Load.Comparing;

/// <summary>How two sets of measurements of the same thing differ, and whether that is more than their own spread explains.</summary>
/// <param name="Ratio">Geometric mean of the second over that of the first.</param>
/// <param name="Low">Lower end of the ratio's 95 % interval (Welch's, on logarithms).</param>
/// <param name="High">Upper end.</param>
/// <param name="First">Measurements of the first.</param>
/// <param name="Second">Measurements of the second.</param>
public sealed record Difference(double Ratio, double Low, double High, int First, int Second)
{
    /// <summary>True when the interval holds 1: nothing has been shown.</summary>
    public bool WithinNoise => Low <= 1 && High >= 1;
}

/// <summary>Tells differences from noise.</summary>
public static class RatioTest
{
    /// <summary>Fewer measurements than this on either side tell nothing.</summary>
    public const int MinMeasurements = 3;

    private const double Smallest = 1e-3; // a thousandth of a millisecond, an event: what is below it counts as this
    private static readonly (double Freedom, double T)[] Student =
    [
        (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (6, 2.447), (8, 2.306), (10, 2.228), (15, 2.131), (20, 2.086),
        (30, 2.042), (60, 2.000), (120, 1.980), (double.PositiveInfinity, 1.960),
    ];

    /// <summary>Compares positive measurements by their ratio; null when there are too few.</summary>
    public static Difference? Compare(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count < MinMeasurements || second.Count < MinMeasurements) return null;
        var (a, b) = (Moments.OfLogarithms(first), Moments.OfLogarithms(second));
        var (va, vb) = (a.Variance / a.Count, b.Variance / b.Count);
        var shift = b.Mean - a.Mean;
        var error = Math.Sqrt(va + vb);
        var freedom = error == 0 ? double.PositiveInfinity : Math.Pow(va + vb, 2) / ((va * va / (a.Count - 1)) + (vb * vb / (b.Count - 1)));
        var reach = error * Quantile(freedom);
        return new Difference(Math.Exp(shift), Math.Exp(shift - reach), Math.Exp(shift + reach), first.Count, second.Count);
    }

    // the next smaller degree of freedom in the table, so that the interval is never too narrow
    private static double Quantile(double freedom) => Student.Last(s => s.Freedom <= Math.Max(1, freedom)).T;

    private readonly record struct Moments(int Count, double Mean, double Variance)
    {
        public static Moments OfLogarithms(IReadOnlyList<double> values)
        {
            var logarithms = values.Select(v => Math.Log(Math.Max(v, Smallest))).ToArray();
            var mean = logarithms.Average();
            return new Moments(values.Count, mean, logarithms.Sum(l => (l - mean) * (l - mean)) / (values.Count - 1));
        }
    }
}
