using System.Diagnostics;
using System.Globalization;
using Streaming.Loadtests.Common;

namespace Streaming.Loadtests.Load.Runs;

/// <summary>Processor time of a process by the names of its threads, and of the whole machine, from Linux' <c>/proc</c>.</summary>
internal sealed class ThreadMeter
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux
    private readonly int process;
    private Dictionary<string, double> before = new(StringComparer.Ordinal);
    private (double Busy, double All) machine;
    private long at;

    private ThreadMeter(int process) => this.process = process;

    /// <summary>A meter of the process that holds a data directory; null when there
    /// is none on this machine that may be looked at.</summary>
    public static ThreadMeter? Of(string? data)
    {
        if (data is null || !Directory.Exists("/proc")) return null;
        var held = Path.Combine(Path.GetFullPath(data), "lock");
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) && Holds(folder, held))
            {
                return new ThreadMeter(process);
            }
        }

        return null;
    }

    /// <summary>Cores in use by thread name (those of one kind added up, such as all shards), and the share of the machine's processors
    /// that is busy, since the last call.</summary>
    public (IReadOnlyDictionary<string, double> Cores, double Busy) Read()
    {
        var seconds = at == 0 ? double.PositiveInfinity : Stopwatch.GetElapsedTime(at).TotalSeconds;
        at = Stopwatch.GetTimestamp();
        var now = Threads();
        var cores = now.ToDictionary(t => t.Key, t => Math.Max(0, t.Value - before.GetValueOrDefault(t.Key)) / seconds,
            StringComparer.Ordinal);
        before = now;
        var whole = Machine();
        var busy = whole.All > machine.All && machine.All > 0 ? (whole.Busy - machine.Busy) / (whole.All - machine.All) : 0;
        machine = whole;
        return (cores, busy);
    }

    private static bool Holds(string process, string file)
    {
        try
        {
            return Directory.GetFiles(Path.Combine(process, "fd")).Any(link => new FileInfo(link).LinkTarget == file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is somebody else's
        }
    }

    private static (double Busy, double All) Machine()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(t =>
            double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        var all = ticks.Sum();
        return (all - ticks[3] - ticks[4], all); // idle and waiting for a disk
    }

    private Dictionary<string, double> Threads()
    {
        var times = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var thread in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                // the name stands in parentheses and may hold anything
                var stat = File.ReadAllText(Path.Combine(thread, "stat"));
                var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var kind = name.StartsWith("shard-", StringComparison.Ordinal) ? "shards" : name;
                times[kind] = times.GetValueOrDefault(kind) + ((long.Parse(fields[11], CultureInfo.InvariantCulture) +
                    long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
            }
            catch (IOException)
            {
                continue; // the thread has ended since it was listed
            }
        }

        return times;
    }
}
