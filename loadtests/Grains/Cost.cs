using System.Diagnostics;

namespace Streaming.GrainsCost;

/// <summary>What one run took of this process.</summary>
internal sealed record Cost(long Applied, double Seconds, double CpuSeconds, long Allocated, string Note);

/// <summary>Measures from its making to <see cref="Stop"/>.</summary>
internal sealed class Meter
{
    private readonly Process process = Process.GetCurrentProcess();
    private readonly TimeSpan cpu;
    private readonly long allocated = GC.GetTotalAllocatedBytes(precise: true);
    private readonly long began = Stopwatch.GetTimestamp();

    public Meter() => cpu = process.TotalProcessorTime;

    public Cost Stop(long applied, string note)
    {
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        process.Refresh();
        return new Cost(applied, seconds, (process.TotalProcessorTime - cpu).TotalSeconds,
            GC.GetTotalAllocatedBytes(precise: true) - allocated, note);
    }
}
