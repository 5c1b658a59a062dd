using System.Globalization;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Comparing;

/// <summary>Two runs, or two sets of repeated runs, side by side.</summary>
/// <remarks>
/// Repeated runs (three and more of each) are compared by their results. One run each is compared by its stretches of ten seconds, which
/// shows the spread within a run only: what differs from run to run (where a process lands, what else the machine does) it cannot see.
/// </remarks>
public static class Comparison
{
    private const int StretchSeconds = 10;

    private const string Throughput = "events per second"; // the one that is better when it is higher

    private static readonly (string Name, Func<LoadResult, double?> Run, Func<Point, double?> Second)[] Measures =
    [
        (Throughput, r => r.Events / Math.Max(1e-9, r.SendingSeconds), p => p.Events > 0 ? p.Events : null),
        ("purchase → reward, p50 ms", r => r.Reward?.P50, p => p.Reward?.P50),
        ("purchase → reward, p99 ms", r => r.Reward?.P99, p => p.Reward?.P99),
        ("complaint → alert, p99 ms", r => r.Alert?.P99, p => p.Alert?.P99),
        ("event → ClickHouse, p50 ms", r => r.Shown?.P50, p => p.Shown?.P50),
        ("event → ClickHouse, p99 ms", r => r.Shown?.P99, p => p.Shown?.P99),
    ];

    /// <summary>Whether there are enough runs of each to compare them by their results.</summary>
    public static bool Repeated(IReadOnlyList<LoadResult> first, IReadOnlyList<LoadResult> second) =>
        first.Count >= RatioTest.MinMeasurements && second.Count >= RatioTest.MinMeasurements;

    /// <summary>One line per measure; the difference is null where there is too little to tell.</summary>
    public static IReadOnlyList<(string Measure, Difference? Difference)> Of(IReadOnlyList<LoadResult> first,
        IReadOnlyList<LoadResult> second)
    {
        var repeated = Repeated(first, second);
        return [.. Measures.Select(m => (m.Name, RatioTest.Compare(Values(first, m), Values(second, m))))];

        IReadOnlyList<double> Values(IReadOnlyList<LoadResult> runs,
            (string, Func<LoadResult, double?> Run, Func<Point, double?> Second) measure) =>
            repeated ? [.. runs.Select(measure.Run).OfType<double>()] : [.. runs.SelectMany(r => Stretches(r, measure.Second))];
    }

    /// <summary>Whether the second is shown to be worse by more than a share: the whole
    /// interval lies beyond it, so noise alone fails nobody.</summary>
    /// <param name="measure">Name of the measure.</param>
    /// <param name="difference">What was found.</param>
    /// <param name="limit">0.1: ten percent fewer events, or ten percent longer.</param>
    public static bool Worse(string measure, Difference? difference, double limit) =>
        difference is { } d && (measure == Throughput ? d.High < 1 / (1 + limit) : d.Low > 1 + limit);

    /// <summary>A sentence about one line.</summary>
    public static string Say(Difference? d) => d is null
        ? $"too short to tell: fewer than {RatioTest.MinMeasurements} runs or stretches of {StretchSeconds} s on a side"
        : string.Create(CultureInfo.InvariantCulture, $"{d.Ratio:0.00} times (95 %: {d.Low:0.00} to {d.High:0.00}), " +
            $"{(d.WithinNoise ? "within the noise" : "a difference")}, from {d.First} and {d.Second} measurements");

    // the median of ten seconds, because neighbouring seconds are disturbed by the same things
    private static IEnumerable<double> Stretches(LoadResult run, Func<Point, double?> of) =>
        from point in run.Seconds
        let value = of(point)
        where value is not null
        group value.Value by point.Second / StretchSeconds into stretch
        let ordered = stretch.Order().ToArray()
        where ordered.Length >= StretchSeconds / 2
        select ordered[ordered.Length / 2];
}
