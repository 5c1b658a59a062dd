using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Grains.Placement;

namespace Streaming.Grains.Wakes;

/// <summary>Wakes the buckets of this silo when it starts, and those that come to it later.</summary>
internal sealed class BucketWatcher(IClusterMembershipService membership, ClusterMap map, IGrainFactory grains, ILogger<BucketWatcher> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        BucketMap? watched = null;
        await foreach (var _ in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            while (!ReferenceEquals(watched, map.Current) && !stoppingToken.IsCancellationRequested)
            {
                watched = await WatchAsync(map.Current, stoppingToken) ?? watched;
            }
        }
    }

    private async Task<BucketMap?> WatchAsync(BucketMap current, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(current.Of(map.Local).Select(b => grains.GetGrain<IBucketGrain>(b).WatchAsync())).WaitAsync(stop);
            return current;
        }
#pragma warning disable CA1031 // whatever it is, buckets are looked after again: here after a pause, or by their reminders
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.BucketsNotCalled(Pause.TotalSeconds, e.Message);
            await Task.Delay(Pause, stop);
            return null;
        }
    }
}
