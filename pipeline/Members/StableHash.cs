using System.Buffers.Binary;
using System.Numerics;

namespace Streaming.Members;

/// <summary>A 64-bit hash of bytes that is the same on every machine, in every run and every version of this program.</summary>
/// <remarks>
/// It chooses shards and recognises repeated ids, and both choices are written to disk: changing it is a change of format.
/// Multiply-and-fold over eight bytes at a time with a final avalanche; not meant to withstand an attacker who picks collisions.
/// Implemented here, because the hash is part of the data format and must not change with a package. Thread-safe; allocates nothing.
/// </remarks>
public static class StableHash
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;
    private const ulong Fold = 0xD6E8_FEB8_6659_FD93;

    /// <summary>Hash of one run of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => Of(bytes, Step);

    /// <summary>Hash of two runs; ("ab","c") and ("a","bc") differ.</summary>
    public static ulong Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Of(second, Of(first, Step));

    /// <summary>Hash of a run of bytes that continues from <paramref name="seed"/>.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var h = seed ^ ((ulong)bytes.Length * Step);
        while (bytes.Length >= 8)
        {
            h = Mix(h ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        if (bytes.Length > 0)
        {
            ulong tail = 0;
            for (var i = bytes.Length - 1; i >= 0; i--) tail = (tail << 8) | bytes[i];
            h = Mix(h ^ tail);
        }

        h ^= h >> 32;
        h *= Fold;
        return h ^ (h >> 29);
    }

    private static ulong Mix(ulong v)
    {
        v *= Step;
        return BitOperations.RotateLeft(v, 31) * Fold;
    }
}
