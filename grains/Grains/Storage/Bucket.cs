namespace Streaming.Grains.Storage;

/// <summary>Which bucket a member belongs to, for good: the unit in which members are placed,
/// and in which their positions and due times are kept.</summary>
public static class Bucket
{
    /// <summary>The bucket of a member id (UTF-8) among <paramref name="buckets"/>, from 0.</summary>
    public static int Of(ReadOnlySpan<byte> id, int buckets) => (int)(Members.StableHash.Of(id) % (ulong)buckets);
}
