using Microsoft.Extensions.Options;
using Streaming.Grains.Actors;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Wakes;

/// <summary>Wakes the members of a bucket that are due and proven, some at each look, the earliest first.</summary>
internal sealed class BucketWakes(IClusterStore store, IClusterRules rules, Proof proof, Receiver receiver, Aside aside,
    IOptions<GrainsSettings> settings)
{
    /// <summary>Looks once; says how many members it woke, whose turns are durable.</summary>
    /// <exception cref="StoreException">The database is away.</exception>
    public async Task<int> RunAsync(int bucket)
    {
        var proven = await proof.ProvenAsync();
        if (proven == long.MinValue) return 0;
        // those the program failed on stay due: they must not take the place of others
        var found = await store.DueAsync(bucket, proven, settings.Value.MembersPerLook + aside.Count, CancellationToken.None);
        var due = aside.Without(found, rules.Current.Hash);
        if (due.Count == 0) return 0;
        return await receiver.WakeAsync(due, proven) == ReceiverAnswer.Landed ? due.Count : 0;
    }
}
