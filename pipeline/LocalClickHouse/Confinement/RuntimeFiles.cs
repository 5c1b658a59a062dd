using System.Runtime.InteropServices;

namespace Streaming.LocalClickHouse.Confinement;

/// <summary>What a .NET program with the engine in it has to read, beside its data: itself, its
/// runtime, system libraries, the kernel's files about the process and the machine.</summary>
internal static class RuntimeFiles
{
    private static readonly string[] SystemFiles =
    [
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone",
            "/usr/share/zoneinfo",
        "/sys/fs/cgroup", "/sys/devices/system", "/sys/kernel/mm/transparent_hugepage", "/dev/zero", "/dev/random", "/dev/urandom",
    ];

    private static readonly string[] Loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

    /// <summary>Of the kernel's: about this process and the machine, not about other processes.</summary>
    private static readonly string[] KernelFiles =
    [
        "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/loadavg", "/proc/uptime", "/proc/version", "/proc/filesystems",
        "/proc/sys/vm", "/proc/sys/kernel/osrelease", "/proc/sys/kernel/threads-max", "/proc/sys/kernel/pid_max",
    ];

    /// <summary>Puts them on the list.</summary>
    public static void Allow(Landlock list, string engineLibrary)
    {
        foreach (var path in SystemFiles) list.Allow(path, PathRights.Read);
        foreach (var path in KernelFiles) list.Allow(path, PathRights.Read, hold: true);
        list.Allow("/dev/null", PathRights.ReadFile | PathRights.WriteFile);
        foreach (var path in Loaders) list.Allow(path, PathRights.ReadFile | PathRights.Execute);
        list.Allow(Environment.ProcessPath!, PathRights.ReadFile | PathRights.Execute);
        if (Root is { } root)
        {
            foreach (var folder in (string[])["shared", "host"]) list.Allow(Path.Combine(root, folder), PathRights.Read);
        }

        // File by file: settings, which may hold secrets, can lie beside the program.
        foreach (var path in Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory)
            .Where(p => !Path.GetFileName(p).StartsWith("appsettings", StringComparison.OrdinalIgnoreCase)))
        {
            list.Allow(path, PathRights.Read);
        }

        list.Allow(engineLibrary, PathRights.Read);
    }

    /// <summary>Where the shared runtime that runs this program is installed; null when the program carries its own.</summary>
    public static string? Root
    {
        get
        {
            // …/shared/Microsoft.NETCore.App/10.0.0/
            var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
            return runtime.Parent?.Parent is { Name: "shared", Parent: { } root } ? root.FullName : null;
        }
    }
}
