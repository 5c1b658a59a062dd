using System.Globalization;
using Streaming.Loadtests.Load.Runs;

namespace Streaming.Loadtests.Load.Reports;

/// <summary>A run's result for the terminal.</summary>
internal static class TextReport
{
    /// <summary>Prints it.</summary>
    public static void Print(LoadResult r)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{r.Events:N0} events, {r.Duplicates:N0} repeats, {r.Malformed:N0} malformed in " +
            $"{r.SendingSeconds:N1} s; all looked at after {r.LandedSeconds:N1} s; {r.Machine}"));
        Console.WriteLine("  milliseconds             p50       p90       p99     p99.9    p99.99       max      of");
        Lines(new Latencies(r.Reward, r.Alert, r.Storm, r.Shown, r.Generator));
        if (r.Warm is { } warm)
        {
            Console.WriteLine(FormattableString.Invariant($"  without the first {r.WarmUpSeconds:0.#} s"));
            Lines(warm);
        }

        var lag = r.LagAtEnd is { } known ? FormattableString.Invariant($"{known:N0} records") : "unknown";
        Console.WriteLine($"  lag {lag} two seconds after the last event");
        Console.WriteLine(r.Exact
            ? $"exact: ClickHouse holds what was sent, and each of {r.Messages:N0} expected messages came under one id ({r.Repeated:N0} " +
                $"came again under it)"
            : $"NOT exact: {r.Missing:N0} of {r.Messages:N0} expected messages did not come, {r.Twice:N0} came under two ids; " +
                $"{string.Join("; ", r.Differences)}");
    }

    private static void Lines(Latencies of)
    {
        Line("purchase → reward", of.Reward);
        Line("complaint → alert", of.Alert);
        Line("instant → message", of.Storm);
        Line("event → ClickHouse", of.Shown);
        Line("the generator's part", of.Generator);
    }

    private static void Line(string name, Spread? s)
    {
        if (s is null) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-21}{s.P50,10:N1}{s.P90,10:N1}{s.P99,10:N1}{s.P999,10:N1}{s.P9999,10:N1}{s.Max,10:N1}{s.Count,10:N0}"));
    }
}
