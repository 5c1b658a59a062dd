using System.Globalization;
using System.Runtime.InteropServices;

namespace Streaming.Common.Processes;

/// <summary>
/// Ties a child process to the one that started it: however the parent ends, kill -9 included, the kernel kills the child at once.
/// </summary>
/// <remarks>
/// The child also gets a process group of its own, so that Ctrl-C in a terminal, or a signal to the parent's whole group, reaches
/// the parent alone: it drains first and stops its children in order afterwards.
/// </remarks>
public static partial class ParentWatch
{
    /// <summary>The variable that tells a child its parent's process id.</summary>
    public const string ParentVariable = "STREAMING_PARENT";

    private const int PrSetParentDeathSignal = 1;
    private const int SigKill = 9;

    /// <summary>
    /// Does nothing in a program started by hand. Call it first of all, on the main thread: the kernel keeps the request with the
    /// calling thread, so that thread must live as long as the process.
    /// </summary>
    public static void DieWithParent()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(ParentVariable), CultureInfo.InvariantCulture, out var parent))
        {
            return;
        }

        if (PrCtl(PrSetParentDeathSignal, SigKill) != 0 || SetProcessGroup(0, 0) != 0)
        {
            throw new InvalidOperationException($"The kernel refused to tie this process to its parent (errno " +
                $"{Marshal.GetLastPInvokeError()}).");
        }

        // The parent may have gone before the request was made; then the signal would never come.
        if (GetParentId() != parent)
        {
            Console.Error.WriteLine($"The process that started this one ({ParentVariable}={parent}) is gone.");
            Environment.Exit(1);
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int option, nuint argument, nuint a3 = 0, nuint a4 = 0, nuint a5 = 0);

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetProcessGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
