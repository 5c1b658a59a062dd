using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Finding;

/// <summary>What one step of the search showed, as far as it bears on whether the rate is sustained and on what limits it.</summary>
/// <param name="Asked">Events per second that were to be sent.</param>
/// <param name="Sent">That were sent.</param>
/// <param name="LagPerSecond">By how many records per second the lag grew in the step's second half; null when nobody told.</param>
/// <param name="Refused">Share of the time that the sender waited for the broker.</param>
/// <param name="Held">Share of the readings in which intake was held back.</param>
/// <param name="UnsentPerSecond">By how many commits per second those waiting for Kafka grew.</param>
/// <param name="WaitingPerSecond">By how many blocks per second those waiting for ClickHouse grew.</param>
/// <param name="Busy">Share of the machine's processors that was busy.</param>
/// <param name="Cores">Cores in use by the pipeline's threads.</param>
/// <param name="Generator">Cores in use by the generator.</param>
public sealed record Step(
    double Asked, double Sent, double? LagPerSecond, double Refused, double Held, double UnsentPerSecond, double WaitingPerSecond,
        double Busy, IReadOnlyDictionary<string, double> Cores, double Generator)
{
    private const double Tolerance = 0.02;

    /// <summary>True when all was sent in time and the lag did not grow by more than a fiftieth
    /// of what came in. An unknown lag is not a growing one.</summary>
    public bool Steady => Sent >= Asked * (1 - Tolerance) && !(LagPerSecond > Asked * Tolerance);

    /// <summary>Reads a run.</summary>
    internal static Step Of(double asked, RunOutcome run)
    {
        var seconds = Math.Max(1e-9, run.Sent - run.From);
        // the first half is a warm-up: making members and compiling code must not count
        var steady = run.Readings.Where(r => r.At >= run.From + (seconds / 2) && r.At <= run.Sent + 1).ToArray();
        var cores = steady.SelectMany(r => r.Cores).GroupBy(c => c.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(c => c.Value) / steady.Length, StringComparer.Ordinal);
        return new Step(
            asked, run.Result.Events / seconds, steady.Length < 2 || steady.Any(r => r.Lag < 0) ? null : Slope(steady, r => r.Lag),
                run.Refused / seconds,
            steady.Length == 0 ? 0 : steady.Count(r => r.Held is not null) / (double)steady.Length, Slope(steady, r => r.Unsent),
                Slope(steady, r => r.Waiting),
            steady.Length == 0 ? 0 : steady.Average(r => r.Busy), cores, steady.Length == 0 ? 0 : steady.Average(r => r.Generator));
    }

    /// <summary>Growth per second by least squares; 0 for fewer than two readings.</summary>
    public static double Slope(IReadOnlyList<Reading> readings, Func<Reading, double> of)
    {
        if (readings.Count < 2) return 0;
        var (x, y) = (readings.Average(r => r.At), readings.Average(of));
        var spread = readings.Sum(r => (r.At - x) * (r.At - x));
        return spread == 0 ? 0 : readings.Sum(r => (r.At - x) * (of(r) - y)) / spread;
    }
}
