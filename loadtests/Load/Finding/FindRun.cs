using System.Globalization;
using Streaming.Loadtests.Common;
using Streaming.Loadtests.Common.Installations;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Finding;

/// <summary>Steps of open-loop load at one rate each, until the highest sustained one is known.</summary>
internal static class FindRun
{
    private const double WarmUpSeconds = 20;
    private static readonly TimeSpan Drain = TimeSpan.FromMinutes(10);

    /// <summary>Searches; every step's members are new, and the next begins when the last has landed.</summary>
    /// <param name="workload">What is sent; its phases are replaced.</param>
    /// <param name="levels">What each step must hold beside a lag that does not grow.</param>
    public static async Task<Bisection> RunAsync(Workload workload, Bisection search, double seconds, ServiceLevels levels, Endpoints where,
        CancellationToken stop)
    {
        Step? limit = null;
        workload.WarmUpSeconds = 0; // the search has a warm-up of its own
        // a warm-up: compiling code and making tables and connections must not count
        workload.Phases = [new Phase { Seconds = Math.Max(seconds, WarmUpSeconds), Rate = search.Next ?? 0 }];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{search.Next,10:N0}/s  warming up, not judged"));
        await LoadRun.RunAsync("warm-up", workload, where, Drain, stop);
        while (search.Next is { } rate)
        {
            workload.Phases = [new Phase { Seconds = seconds, Rate = rate }];
            var run = await LoadRun.RunAsync("find", workload, where, Drain, stop);
            var step = Step.Of(rate, run);
            var misses = levels.Misses(run.Result.Findings(levels.AfterWarmUp));
            var sustained = step.Steady && misses.Count == 0;
            if (!sustained && rate < search.Failed) limit = step;
            search.Tried(rate, sustained);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rate,10:N0}/s  {(sustained ? "sustained" : "not sustained"),-14} sent {step.Sent,9:N0}/s  lag " +
                    $"{Lag(step.LagPerSecond)}  reward p99 {run.Result.Reward?.P99,8:N0} ms  ClickHouse p99 " +
                    $"{run.Result.Shown?.P99,8:N0} ms  processors {step.Busy:0 %}"));
            foreach (var miss in misses) Console.WriteLine($"              {miss}");
        }

        Console.WriteLine(search.Held > 0
            ? string.Create(CultureInfo.InvariantCulture, $"sustained: {search.Held:N0} events a second ({Machine.Describe()})")
            : "no rate that was tried was sustained");
        if (limit is { } failed)
        {
            var (stage, why) = Limit.Of(failed);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at {failed.Asked:N0} it is limited by: {stage} ({why})"));
            Console.WriteLine("  cores in use by the pipeline: " + string.Join(", ", failed.Cores.Where(c => c.Value >= 0.01)
                .OrderByDescending(c => c.Value).Take(8).Select(c =>
                string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value:0.00}"))));
        }

        return search;
    }

    private static string Lag(double? perSecond) =>
        perSecond is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known,8:+#,0;-#,0;0}/s") : "   unknown";
}
