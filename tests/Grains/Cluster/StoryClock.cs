namespace Streaming.Grains.Tests.Cluster;

/// <summary>The members' clock, set by the scenario, the same for all silos.</summary>
public sealed class StoryClock : TimeProvider
{
    private long now;

    /// <summary>The moment, epoch milliseconds.</summary>
    public long Now
    {
        get => Interlocked.Read(ref now);
        set => Interlocked.Exchange(ref now, value);
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
}
