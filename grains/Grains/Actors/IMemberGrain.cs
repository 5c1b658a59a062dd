using Orleans.Concurrency;
using Streaming.Engine.Storing;

namespace Streaming.Grains.Actors;

/// <summary>One member: its key is the member's id.</summary>
[Alias("streaming.member")]
public interface IMemberGrain : IGrainWithStringKey
{
    /// <summary>Applies what the silo's receiver gathered for this member, in order.
    /// Only the receiver of the same silo is obeyed.</summary>
    [Alias("apply")]
    Task<MemberResult> ApplyAsync(MemberWork work);

    /// <summary>Snapshot bytes as of a durable commit; null for a member nobody has heard of.</summary>
    /// <exception cref="StoreException">The database had to be asked and is away.</exception>
    [Alias("read"), AlwaysInterleave]
    Task<byte[]?> ReadAsync();

    /// <summary>The silo does not own this member any more: what is in memory is dropped.</summary>
    [Alias("release"), OneWay, AlwaysInterleave]
    Task ReleaseAsync();
}
