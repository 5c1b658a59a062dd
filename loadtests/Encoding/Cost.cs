using System.Diagnostics;

namespace Streaming.Loadtests.Encoding;

/// <summary>What a piece of work costs: medians over rounds, after some that are not
/// counted, in which its code is compiled for good.</summary>
/// <param name="Nanoseconds">Of the wall clock, per row.</param>
/// <param name="Cpu">Nanoseconds of this process's processors, per row; the mean of
/// all rounds, since the system counts in steps of 10 ms.</param>
/// <param name="Allocated">Managed bytes, per row.</param>
internal sealed record Cost(double Nanoseconds, double Cpu, double Allocated)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private const int FewestWarmUps = 3;

    /// <summary>Does it and measures.</summary>
    public static async Task<Cost> OfAsync(int rows, int rounds, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < FewestWarmUps || Stopwatch.GetElapsedTime(began) < WarmUp; i++) await work();
        var (wall, cpu, bytes) = (new double[rounds], 0.0, new double[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            var (time, used, allocated) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
            await work();
            wall[i] = Stopwatch.GetElapsedTime(time).TotalNanoseconds / rows;
            process.Refresh();
            cpu += (process.TotalProcessorTime - used).TotalNanoseconds / rows / rounds;
            bytes[i] = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)rows;
        }

        return new Cost(Median(wall), cpu, Median(bytes));
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
