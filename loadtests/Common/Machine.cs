using System.Globalization;
using System.Runtime.InteropServices;
using Streaming.Kafka.Client;

namespace Streaming.Loadtests.Common;

/// <summary>What a run was measured on.</summary>
/// <param name="Processor">Model and count of processors this process may use.</param>
/// <param name="Memory">Installed memory.</param>
/// <param name="Disk">File system of the data folder.</param>
/// <param name="Load">Load average of the last minute. When it is well above the number of processors, other programs disturbed the
/// run.</param>
/// <param name="Software">Versions.</param>
public sealed record Machine(string Processor, string Memory, string Disk, string Load, string Software)
{
    /// <summary>Reads it from the system.</summary>
    /// <param name="folder">The data folder.</param>
    public static Machine Read(string folder)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':',
            2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return new Machine(
            $"{Environment.ProcessorCount} × {model}",
            string.Create(CultureInfo.InvariantCulture, $"{memory:0.0} GiB"),
            new DriveInfo(folder).DriveFormat,
            LoadAverage(),
            $"{RuntimeInformation.FrameworkDescription}, librdkafka {KafkaNative.Version}, {RuntimeInformation.OSDescription}");
    }

    /// <summary>Processors and load average in a few words.</summary>
    public static string Describe() => $"{Environment.ProcessorCount} processors, load average {LoadAverage()}";

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
