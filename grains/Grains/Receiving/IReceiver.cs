using Orleans.Services;

namespace Streaming.Grains.Receiving;

/// <summary>What became of something handed to a silo's receiver.</summary>
public enum ReceiverAnswer : byte
{
    /// <summary>Applied and durable (or it was before).</summary>
    Landed = 0,

    /// <summary>Some of its members belong to another silo by now. Nothing was done: route it anew.</summary>
    NotHere = 1,

    /// <summary>Its assignment is over, or the silo's view of the database was out of date. Read again from the committed
    /// position.</summary>
    Fenced = 2,

    /// <summary>The database was away for too long, the silo stops, or applying failed. Read again from the committed position.</summary>
    Failed = 3,
}

/// <summary>The one way in to a silo's members, from the other silos.</summary>
[Alias("streaming.receiver")]
public interface IReceiver : IGrainService
{
    /// <summary>Applies a part and answers once it is durable.</summary>
    [Alias("deliver")]
    Task<ReceiverAnswer> DeliverAsync(PartitionPart part);
}
