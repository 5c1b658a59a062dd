using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.GrainDirectory;
using Streaming.Engine.Storing;
using Streaming.Grains.Actors;
using Streaming.Grains.Placement;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Wakes;

/// <summary>Scans its bucket's indexed due times; no member ever registers a timer of its own.</summary>
/// <remarks>
/// A timer looks; a reminder only revives the grain where its silo died. What fell due meanwhile is found by the next look. A wake acts at
/// the earliest when every partition is proven past its due time, and at the latest a look, a proof and a commit after that.
/// </remarks>
[GrainType(BucketId.TypeName), MapPlacement, GrainDirectory(MapDirectory.Name)]
internal sealed class BucketGrain(
    IGrainContext context, ClusterMap map, IClusterStore store, IClusterRules rules, Proof proof, Receiver receiver,
    IOptions<GrainsSettings> settings,
    Aside aside, ILogger<BucketGrain> log) : IGrainBase, IBucketGrain, IRemindable
{
    /// <summary>Members written by a silo that did not know the rules yet are found by sweeping again.</summary>
    private static readonly TimeSpan SweepAgain = TimeSpan.FromMinutes(1);

    private readonly int bucket = BucketId.Number(context.GrainId);
    private bool watched;
    private ulong target;
    private byte[] after = [];
    private long sweptAt;

    public IGrainContext GrainContext { get; } = context;

    public Task OnActivateAsync(CancellationToken token)
    {
        this.RegisterGrainTimer(LookQuietlyAsync, settings.Value.LookEvery, settings.Value.LookEvery);
        return Task.CompletedTask;
    }

    public async Task WatchAsync()
    {
        if (watched) return;
        await this.RegisterOrUpdateReminder("watch", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        watched = true;
    }

    // activating the grain is the reminder's whole purpose
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public async Task<int> LookAsync()
    {
        if (!map.IsMine(bucket))
        {
            this.DeactivateOnIdle();
            return 0;
        }

        return await WakeAsync() + await SettleAsync();
    }

    private async Task LookQuietlyAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync();
        }
        catch (StoreException e)
        {
            log.BucketNotLooked(bucket, settings.Value.LookEvery.TotalSeconds, e.Message);
        }
    }

    private async Task<int> WakeAsync()
    {
        var proven = await proof.ProvenAsync();
        if (proven == long.MinValue) return 0;
        // those the program failed on stay due: they must not take the place of others
        var found = await store.DueAsync(bucket, proven, settings.Value.MembersPerLook + aside.Count, CancellationToken.None);
        var due = aside.Without(found, rules.Current.Hash);
        if (due.Count == 0) return 0;
        return await receiver.WakeAsync(due, proven) == ReceiverAnswer.Landed ? due.Count : 0;
    }

    private async Task<int> SettleAsync()
    {
        if (rules.Current.Hash is var hash && hash != target) (target, after, sweptAt) = (hash, [], 0);
        if (sweptAt != 0 && TimeSpan.FromMilliseconds(Environment.TickCount64 - sweptAt) < SweepAgain) return 0;
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
