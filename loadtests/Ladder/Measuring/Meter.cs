using System.Diagnostics;

namespace Streaming.Loadtests.Ladder.Measuring;

/// <summary>Measures this process from its making to <see cref="Stop"/>.</summary>
internal sealed class Meter
{
    private readonly Process process = Process.GetCurrentProcess();
    private readonly TimeSpan cpu;
    private readonly long allocated;
    private readonly long began;
    private (long Events, double Seconds, TimeSpan Cpu, long Allocated)? half;

    /// <summary>The measuring begins.</summary>
    public Meter()
    {
        cpu = process.TotalProcessorTime;
        allocated = GC.GetTotalAllocatedBytes(precise: true);
        began = Stopwatch.GetTimestamp();
    }

    /// <summary>Seconds so far.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(began).TotalSeconds;

    /// <summary>Seconds since the process was made.</summary>
    public double Age => (DateTime.Now - process.StartTime).TotalSeconds;

    /// <summary>The second half begins, with so many events handled.</summary>
    public void BeginSecondHalf(long events)
    {
        process.Refresh();
        half ??= (events, Seconds, process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
    }

    /// <summary>The last event is handled.</summary>
    public RungHalf? Since(long events)
    {
        process.Refresh();
        return half is { } from && events > from.Events
            ? new RungHalf(
                events - from.Events, Seconds - from.Seconds, (process.TotalProcessorTime - from.Cpu).TotalSeconds,
                    GC.GetTotalAllocatedBytes(precise: true) - from.Allocated)
            : null;
    }

    /// <summary>The measuring ends.</summary>
    public RungResult Stop(string name, long events, string note)
    {
        var seconds = Seconds;
        process.Refresh();
        return new RungResult(
            name, events, seconds, (process.TotalProcessorTime - cpu).TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - allocated,
                process.PeakWorkingSet64, note);
    }
}
