using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Streaming.Grains.Placement;

/// <summary>Grains stand where the map says: members and buckets on the silo that owns their bucket.</summary>
[GenerateSerializer, Immutable]
internal sealed class MapPlacement : PlacementStrategy
{
    public static MapPlacement Singleton { get; } = new();
}

/// <summary>Puts a grain class under <see cref="MapPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class MapPlacementAttribute() : PlacementAttribute(MapPlacement.Singleton);

/// <summary>Decides by the map of this silo.</summary>
internal sealed class MapPlacementDirector(ClusterMap map) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.AsSpan();
        var bucket = target.GrainIdentity.Type.Equals(BucketId.Type) ? BucketId.Number(target.GrainIdentity) : map.BucketOf(key);
        return map.Current.Owner(bucket) is { } owner
            ? Task.FromResult(owner)
            : throw new OrleansException($"No silo is active: {target.GrainIdentity} has no place yet.");
    }
}
