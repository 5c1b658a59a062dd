namespace Streaming.TestKit;

/// <summary>A clock that moves only when it is told to: wall clock and timestamps together. Thread-safe.</summary>
public sealed class ManualClock : TimeProvider
{
    private long ticks;

    /// <summary>A clock that stands at a moment, 1 January 2026 unless given.</summary>
    public ManualClock(DateTimeOffset? start = null) =>
        ticks = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcTicks;

    /// <summary>The moment, epoch milliseconds.</summary>
    public long Now
    {
        get => GetUtcNow().ToUnixTimeMilliseconds();
        set => Interlocked.Exchange(ref ticks, DateTimeOffset.FromUnixTimeMilliseconds(value).UtcTicks);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Moves on.</summary>
    public void Pass(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref ticks);
}
