using System.Runtime.InteropServices;

namespace Streaming.TestKit;

/// <summary>Signals to processes.</summary>
public static partial class ProcessSignals
{
    /// <summary>Number of SIGTERM.</summary>
    public const int Term = 15;

    /// <summary>Number of SIGCONT.</summary>
    public const int Cont = 18;

    /// <summary>Number of SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>Number of SIGWINCH.</summary>
    public const int WindowChange = 28;

    private const int NoSuchProcess = 3;

    /// <summary>Sends one; false when the process has ended.</summary>
    public static bool Send(int process, int signal) => Was(Kill(process, signal), signal);

    /// <summary>Sends one to a thread of a process; false when it has ended.</summary>
    public static bool Send(int process, int thread, int signal) => Was(KillThread(process, thread, signal), signal);

    private static bool Was(int answer, int signal) => answer == 0 || (Marshal.GetLastPInvokeError() == NoSuchProcess ? false
        : throw new InvalidOperationException($"Signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}."));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "tgkill", SetLastError = true)]
    private static partial int KillThread(int process, int thread, int signal);
}
