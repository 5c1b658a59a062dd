namespace Streaming.Replay.Feeding;

/// <summary>The data's own clock in a replay: the latest time of the rows read, and the moment before which no further row can
/// lie.</summary>
/// <remarks>
/// Proof goes in whole minutes, whichever row passes them first: In a file in time order a member's wake then acts before the same row of
/// that member, whatever rows of others lie between. So one member's rows give the same result alone and among others.
/// </remarks>
/// <param name="disorder">How late rows may be, milliseconds. (`disorder` → `disorderMs`, `now` → `nowMs`)</param>
/// <param name="now">Where the clock stands, epoch milliseconds.</param>
public sealed class ReplayClock(long disorder, long now)
{
    private const long Resolution = 60_000;

    /// <summary>The latest row's time, epoch milliseconds; never goes back.</summary>
    public long Now { get; private set; } = now;

    /// <summary>Every row before this moment has been read, epoch milliseconds; <see cref="long.MinValue"/> before the first row.</summary>
    public long Proven { get; private set; } = long.MinValue;

    /// <summary>The next row comes. True when more is proven than before it: wakes due by then act first.</summary>
    public bool Passes(long at)
    {
        Now = Math.Max(Now, at);
        var passed = (at - disorder) / Resolution * Resolution;
        if (passed <= Proven) return false;
        Proven = passed;
        return true;
    }

    /// <summary>The data ends at a moment.</summary>
    public void End(long at) => Now = Math.Max(Now, at);
}
