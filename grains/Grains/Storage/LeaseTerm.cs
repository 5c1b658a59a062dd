namespace Streaming.Grains.Storage;

/// <summary>How long this process may rely on a lease: counted from before the renewal was
/// asked for, by the machine's monotonic clock. Thread-safe.</summary>
/// <param name="length">How long a renewal lasts.</param>
/// <param name="needed">What must be left of it when something is begun that cannot
/// be called back: longer than that thing can take.</param>
/// <param name="clock">Time.</param>
public sealed class LeaseTerm(TimeSpan length, TimeSpan needed, TimeProvider clock)
{
    private long renewed = clock.GetTimestamp();

    /// <summary>True while enough is left to begin something that cannot be called back.</summary>
    public bool Safe => Left >= needed;

    /// <summary>What is left; negative when it has ended.</summary>
    public TimeSpan Left => length - clock.GetElapsedTime(Interlocked.Read(ref renewed));

    /// <summary>The moment to note before a renewal is asked for.</summary>
    public long Asking() => clock.GetTimestamp();

    /// <summary>The renewal asked for at <paramref name="asked"/> was granted.</summary>
    public void Granted(long asked) => Interlocked.Exchange(ref renewed, asked);
}
