using System.Runtime.InteropServices;

namespace Streaming.App.Broker;

/// <summary>
/// Starts threads that no signal may interrupt. The mock cluster's thread treats a poll interrupted by a signal (a resumed process, a
/// resized terminal; .NET handles both) as an error and ends without a message. The broker then no longer answers, while its process still
/// runs.
/// </summary>
internal static unsafe partial class BlockedSignals
{
    private const int Block = 0;
    private const int SetMask = 2;

    /// <summary>At least <c>sizeof(sigset_t)</c> of any libc on Linux (128 bytes).</summary>
    private const int SetSize = 128;

    /// <summary>Runs <paramref name="start"/> with every signal blocked: threads it makes
    /// inherit that, the caller gets its own mask back.</summary>
    public static T During<T>(Func<T> start)
    {
        var all = stackalloc byte[SetSize];
        var before = stackalloc byte[SetSize];
        _ = SigFillSet(all);
        _ = SigMask(Block, all, before);
        try
        {
            return start();
        }
        finally
        {
            _ = SigMask(SetMask, before, null);
        }
    }

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int SigFillSet(byte* set);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SigMask(int how, byte* set, byte* before);
}
