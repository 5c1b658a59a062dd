using Microsoft.Extensions.Options;

namespace Streaming.Grains.Placement;

/// <summary>The map as this silo sees it now. Two silos may see different maps for a moment after a silo has come or gone.
/// Thread-safe.</summary>
public sealed class ClusterMap(IClusterMembershipService membership, ILocalSiloDetails local, IOptions<GrainsSettings> settings)
{
    private volatile Seen? seen;

    /// <summary>This silo.</summary>
    public SiloAddress Local { get; } = local.SiloAddress;

    /// <summary>The map of the active silos; the same object until one comes or goes.</summary>
    public BucketMap Current
    {
        get
        {
            var now = membership.CurrentSnapshot;
            if (seen is { } known && known.Version == now.Version) return known.Map;
            var active = now.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress).ToList();
            var map = seen is { } old && active.Count == old.Map.Silos.Count && active.All(old.Map.Silos.Contains)
                ? old.Map
                : new BucketMap(settings.Value.Buckets, active);
            seen = new Seen(now.Version, map);
            return map;
        }
    }

    /// <summary>The bucket of a member id.</summary>
    public int BucketOf(ReadOnlySpan<byte> id) => Storage.Bucket.Of(id, settings.Value.Buckets);

    /// <summary>True while this silo owns the bucket.</summary>
    public bool IsMine(int bucket) => Local.Equals(Current.Owner(bucket));

    private sealed record Seen(MembershipVersion Version, BucketMap Map);
}
