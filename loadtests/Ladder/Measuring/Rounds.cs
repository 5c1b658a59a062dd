using System.Diagnostics;

namespace Streaming.Loadtests.Ladder.Measuring;

/// <summary>What a piece of work costs that can be done again: medians over rounds, after some that are not
/// counted, in which its code is compiled for good.</summary>
/// <param name="items">Items in each round, for example rows.</param>
/// <param name="rounds">Rounds that count.</param>
internal sealed class Rounds(int items, int rounds)
{
    private const int FewestWarmUps = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <summary>Does it and measures one round of it. Processor time is the mean of all rounds, since the system counts it in steps
    /// of 10 ms.</summary>
    public async Task<RungResult> MeasureAsync(string name, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < FewestWarmUps || Stopwatch.GetElapsedTime(began) < WarmUp; i++) await work();
        var results = new List<RungResult>();
        for (var i = 0; i < rounds; i++)
        {
            GC.Collect();
            var meter = new Meter();
            await work();
            results.Add(meter.Stop(name, items, ""));
        }

        return new RungResult(name, items, Median(r => r.Seconds), results.Average(r => r.CpuSeconds),
            (long)Median(r => r.AllocatedBytes), results.Max(r => r.PeakBytes), "");

        double Median(Func<RungResult, double> of) => results.Select(of).Order().ElementAt(results.Count / 2);
    }
}
