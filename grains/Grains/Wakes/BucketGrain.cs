using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.GrainDirectory;
using Streaming.Engine.Storing;
using Streaming.Grains.Placement;

namespace Streaming.Grains.Wakes;

/// <summary>Looks for due members of one bucket by the index on due times. Members have no timers of their own.</summary>
/// <remarks>A timer starts each look. The reminder only activates the grain again after its silo has died. What fell due meanwhile is
/// found by the next look. A wake acts at the earliest when every partition is proven past its due time, and at the latest a look, a proof
/// and a commit after that.</remarks>
[GrainType(BucketId.TypeName), MapPlacement, GrainDirectory(MapDirectory.Name)]
internal sealed class BucketGrain(
    IGrainContext context, ClusterMap map, BucketWakes wakes, BucketSweep sweep, IOptions<GrainsSettings> settings,
    ILogger<BucketGrain> log) : IGrainBase, IBucketGrain, IRemindable
{
    private readonly int bucket = BucketId.Number(context.GrainId);
    private bool watched;

    public IGrainContext GrainContext { get; } = context;

    public Task OnActivateAsync(CancellationToken token)
    {
        this.RegisterGrainTimer(LookOnTimerAsync, settings.Value.LookEvery, settings.Value.LookEvery);
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

        return await wakes.RunAsync(bucket) + await sweep.RunAsync(bucket);
    }

    private async Task LookOnTimerAsync(CancellationToken cancel)
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
}
