using Microsoft.Extensions.Options;
using Streaming.Grains.Actors;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Wakes;

/// <summary>Brings the members of one bucket under the rules in force, one page at each look. Used by the bucket's grain alone.</summary>
internal sealed class BucketSweep(IClusterStore store, IClusterRules rules, Receiver receiver, Aside aside,
    IOptions<GrainsSettings> settings)
{
    /// <summary>A sweep is repeated after this time, to find members that a silo wrote before it knew the new rules.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private ulong target;
    private byte[] after = [];
    private long sweptAt;

    /// <summary>Takes the next page; says how many members were in it: 0 while there is nothing to do.</summary>
    /// <exception cref="StoreException">The database is away.</exception>
    public async Task<int> RunAsync(int bucket)
    {
        if (rules.Current.Hash is var hash && hash != target) (target, after, sweptAt) = (hash, [], 0);
        if (sweptAt != 0 && TimeSpan.FromMilliseconds(Environment.TickCount64 - sweptAt) < Again) return 0;
        var page = await store.NotSettledUnderAsync(bucket, target, after, settings.Value.MembersPerLook, CancellationToken.None);
        if (page.Count == 0)
        {
            (after, sweptAt) = ([], Environment.TickCount64);
            return 0;
        }

        if (aside.Without(page, target) is { Count: > 0 } silent && await receiver.SettleAsync(silent) != ReceiverAnswer.Landed) return 0;
        after = page[^1];
        return page.Count;
    }
}
