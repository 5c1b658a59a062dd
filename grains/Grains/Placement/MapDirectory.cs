using System.Collections.Concurrent;
using Orleans.GrainDirectory;

namespace Streaming.Grains.Placement;

/// <summary>Grain directory for grains placed by the map. It holds the grains of this silo; the map tells the silo of every other
/// grain.</summary>
/// <remarks>
/// No silo asks another where a grain is, and nothing is to be rebuilt when one dies. Two silos that see different maps for a moment may
/// both have an activation: that is harmless, since a commit is conditional on versions and positions, and reads elsewhere than on the
/// owner go to the database.
/// </remarks>
internal sealed class MapDirectory : IGrainDirectory
{
    /// <summary>Name under which grain classes ask for it.</summary>
    public const string Name = "map";

    private readonly ConcurrentDictionary<GrainId, GrainAddress> here = new();

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(here.GetOrAdd(address.GrainId, address));

    public Task Unregister(GrainAddress address)
    {
        if (here.TryGetValue(address.GrainId, out var known) && known.ActivationId.Equals(address.ActivationId))
        {
            here.TryRemove(KeyValuePair.Create(address.GrainId, known));
        }
        return Task.CompletedTask;
    }

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult(here.GetValueOrDefault(grainId));

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
