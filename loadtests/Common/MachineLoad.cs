namespace Streaming.Loadtests;

/// <summary>What a run was measured on.</summary>
public static class MachineLoad
{
    /// <summary>Processors and load average: well above the number of processors, others took part.</summary>
    public static string Describe() => $"{Environment.ProcessorCount} processors, load average {Average()}";

    private static string Average() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
