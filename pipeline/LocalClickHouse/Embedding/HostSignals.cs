using System.Runtime.InteropServices;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.LocalClickHouse.Embedding;

/// <summary>
/// Keeps the signal handlers of .NET while the engine connects. The engine replaces some of them (SIGSEGV, which .NET turns into
/// exceptions, and signal 34, with which .NET suspends threads) even when told not to; without this the process crashes or hangs later.
/// </summary>
internal static unsafe partial class HostSignals
{
    private const int Last = 64;
    private const int Kill = 9;
    private const int Stop = 19;

    /// <summary>More than <c>sizeof(struct sigaction)</c> of any libc on Linux (152 bytes with glibc on x86-64).</summary>
    private const int ActionSize = 256;

    private static readonly Lock Gate = new();

    /// <summary>
    /// Runs <paramref name="connect"/> and puts every handler back as it was. No garbage collection runs meanwhile (it would send signal 34
    /// to threads while the handler is the engine's). One caller at a time.
    /// </summary>
    public static T Keep<T>(Func<T> connect)
    {
        lock (Gate)
        {
            var quiet = GC.TryStartNoGCRegion(8 << 20);
            var saved = stackalloc byte[(Last + 1) * ActionSize];
            var known = stackalloc bool[Last + 1];
            for (var signal = 1; signal <= Last; signal++)
            {
                // The C library keeps 32 and 33 for itself and says so by an error; those cannot be replaced by the engine either.
                known[signal] = signal is not Kill and not Stop && SigAction(signal, null, saved + (signal * ActionSize)) == 0;
            }
            try
            {
                return connect();
            }
            finally
            {
                for (var signal = 1; signal <= Last; signal++)
                {
                    if (known[signal])
                    {
                        _ = SigAction(signal, saved + (signal * ActionSize), null);
                    }
                }
                if (quiet && System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion)
                {
                    GC.EndNoGCRegion();
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SigAction(int signal, byte* action, byte* previous);
}
