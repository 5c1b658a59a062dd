namespace Streaming.Grains.Actors;

/// <summary>Member ids by their bytes.</summary>
internal sealed class IdComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static IdComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] id) => (int)StableHash.Of(id);

    public byte[] Create(ReadOnlySpan<byte> id) => id.ToArray();

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)StableHash.Of(alternate);
}
