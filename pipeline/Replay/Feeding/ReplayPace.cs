namespace Streaming.Replay.Feeding;

/// <summary>How fast data time passes in a replay. Not thread-safe.</summary>
/// <param name="speed">Data seconds per second; 0 = as fast as it goes.</param>
/// <param name="clock">The machine's clock.</param>
public sealed class ReplayPace(double speed, TimeProvider clock)
{
    private const double Longest = 1e13; // three hundred years, which a TimeSpan can hold
    private long? firstAt;
    private long began;

    /// <summary>The time until a row is due; zero or less when it is due now. The first row asked about sets the start.</summary>
    public TimeSpan Ahead(long at)
    {
        if (speed <= 0) return TimeSpan.Zero;
        if (firstAt is not { } first)
        {
            firstAt = first = at;
            began = clock.GetTimestamp();
        }

        return TimeSpan.FromMilliseconds(Math.Min((at - first) / speed, Longest)) - clock.GetElapsedTime(began);
    }
}
