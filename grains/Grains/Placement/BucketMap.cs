using System.Buffers.Binary;
using System.Text;

namespace Streaming.Grains.Placement;

/// <summary>Which silo owns which bucket: a pure function of who is there, so that
/// every silo that sees the same silos has the same map.</summary>
/// <remarks>
/// Rendezvous hashing: each bucket goes to the silo whose hash with it is highest. A silo that joins takes about 1/n of the buckets, none
/// moves between the others; one that leaves gives back only its own. Immutable.
/// </remarks>
public sealed class BucketMap
{
    private readonly SiloAddress?[] owners;

    /// <summary>The map of these silos, in whatever order they are given.</summary>
    /// <param name="buckets">Number of buckets, at least 1.</param>
    /// <param name="silos">The silos; without any, nobody owns anything.</param>
    public BucketMap(int buckets, IEnumerable<SiloAddress> silos)
    {
        Silos = [.. silos.OrderBy(s => s.ToParsableString(), StringComparer.Ordinal)];
        owners = new SiloAddress?[buckets];
        var seeds = Silos.Select(s => StableHash.Of(Encoding.UTF8.GetBytes(s.ToParsableString()))).ToArray();
        for (var bucket = 0; bucket < buckets; bucket++) owners[bucket] = Highest(bucket, seeds);
    }

    /// <summary>The silos, in the order of their names.</summary>
    public IReadOnlyList<SiloAddress> Silos { get; }

    /// <summary>Number of buckets.</summary>
    public int Buckets => owners.Length;

    /// <summary>The owner of a bucket; null when there is no silo.</summary>
    public SiloAddress? Owner(int bucket) => owners[bucket];

    /// <summary>The buckets a silo owns, ascending.</summary>
    public IEnumerable<int> Of(SiloAddress silo) => Enumerable.Range(0, owners.Length).Where(b => silo.Equals(owners[b]));

    private SiloAddress? Highest(int bucket, ulong[] seeds)
    {
        Span<byte> name = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(name, bucket);
        SiloAddress? owner = null;
        ulong highest = 0;
        for (var i = 0; i < seeds.Length; i++)
        {
            var score = StableHash.Of(name, seeds[i]);
            if (owner is not null && score <= highest) continue;
            owner = Silos[i];
            highest = score;
        }

        return owner;
    }
}
