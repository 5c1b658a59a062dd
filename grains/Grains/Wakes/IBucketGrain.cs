namespace Streaming.Grains.Wakes;

/// <summary>Looks after the members of one bucket whose time has come without an event; its key is the bucket's number.</summary>
[Alias("streaming.bucket")]
public interface IBucketGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that it looks, now and after the death of any silo.</summary>
    [Alias("watch")]
    Task WatchAsync();

    /// <summary>Looks once: wakes who is due and proven, settles who is not under the rules
    /// in force. What it wakes is durable when it answers.</summary>
    /// <returns>How many members it brought to the receiver; 0 when there is nothing to do, or not on this silo.</returns>
    [Alias("look")]
    Task<int> LookAsync();
}
