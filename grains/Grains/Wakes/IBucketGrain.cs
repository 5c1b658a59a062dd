namespace Streaming.Grains.Wakes;

/// <summary>Wakes and settles the members of one bucket; its key is the bucket's number.</summary>
[Alias("streaming.bucket")]
public interface IBucketGrain : IGrainWithIntegerKey
{
    /// <summary>Activates the bucket's timer and registers the reminder that activates it again after a silo has died.</summary>
    [Alias("watch")]
    Task WatchAsync();

    /// <summary>Looks once: wakes who is due and proven, settles who is not under the rules
    /// in force. What it wakes is durable when it answers.</summary>
    /// <returns>How many members it brought to the receiver; 0 when there is nothing to do, or not on this silo.</returns>
    [Alias("look")]
    Task<int> LookAsync();
}
