using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Streaming.Engine.Tracing;
using Streaming.Engine.Turns;
using Streaming.Grains.Actors;
using Streaming.Grains.Placement;
using Streaming.Grains.Receiving;
using Streaming.Grains.Storage;
using Streaming.Grains.Wakes;

namespace Streaming.Grains;

/// <summary>Members on a silo.</summary>
public static class GrainsHosting
{
    /// <summary>
    /// Adds members, buckets and the receiver. The services they need from elsewhere: <see cref="IClusterStore"/>,
    /// <see cref="IClusterRules"/>, <see cref="ISiloOutbox"/>, <see cref="IInputPartitions"/>, <see cref="PseudonymKey"/>, a provider of
    /// membership
    /// and one of reminders.
    /// </summary>
    public static ISiloBuilder AddMembers(this ISiloBuilder silo)
    {
        silo.AddPlacementDirector<MapPlacement, MapPlacementDirector>();
        silo.Services.AddGrainDirectory(MapDirectory.Name, (_, _) => new MapDirectory());
        silo.AddGrainService<ReceiverService>();
        silo.Configure<GrainCollectionOptions>(options => options.EnableActivationSheddingOnMemoryPressure = true);
        var services = silo.Services;
        services.TryAddSingleton(new MemberClock(TimeProvider.System));
        services.AddSingleton<ClusterMap>();
        services.AddSingleton<ActiveMembers>();
        services.AddSingleton(s => new PoisonLog(s.GetRequiredService<ILoggerFactory>().CreateLogger("Streaming.Members")));
        services.AddSingleton<Aside>();
        services.TryAddSingleton<TraceSampling>();
        services.AddSingleton<ApplyContextPool>();
        services.AddSingleton<ReceiverStatus>();
        services.AddSingleton<GroupOpener>();
        services.AddSingleton<GroupGatherer>();
        services.AddSingleton<GroupApplier>();
        services.AddSingleton<GroupCommitter>();
        services.AddSingleton(s => new Receiver(s.GetRequiredService<GroupOpener>(), s.GetRequiredService<GroupGatherer>(),
            s.GetRequiredService<GroupApplier>(), s.GetRequiredService<GroupCommitter>(),
            s.GetRequiredService<IOptions<GrainsSettings>>(), s.GetRequiredService<ILogger<Receiver>>()));
        services.AddSingleton<IReceivers, Receivers>();
        services.AddSingleton<Proof>();
        services.AddSingleton<BucketWakes>();
        services.AddTransient<BucketSweep>();
        services.AddHostedService<BucketWatcher>();
        return silo;
    }
}
