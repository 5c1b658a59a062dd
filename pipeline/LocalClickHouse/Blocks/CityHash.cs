using System.Buffers.Binary;
using System.Numerics;

namespace Streaming.LocalClickHouse.Blocks;

/// <summary>
/// CityHash128 as of version 1.0.2, which ClickHouse keeps for the checksums of its compressed blocks (later versions of CityHash give
/// other values). Implemented here because the available packages have a later version or no 128-bit hash. Pure.
/// </summary>
internal static class CityHash
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;
    private const ulong K3 = 0xc949d7c7509e6557;

    /// <summary>The hash as its low and high half.</summary>
    public static (ulong Low, ulong High) Hash128(ReadOnlySpan<byte> s) => s.Length switch
    {
        >= 16 => Seeded(s[16..], At(s, 0) ^ K3, At(s, 8)),
        >= 8 => Seeded([], At(s, 0) ^ ((ulong)s.Length * K0), At(s, s.Length - 8) ^ K1),
        _ => Seeded(s, K0, K1),
    };

    private static (ulong, ulong) Seeded(ReadOnlySpan<byte> s, ulong low, ulong high)
    {
        if (s.Length < 128)
        {
            return Short(s, low, high);
        }
        var length = s.Length;
        var (x, y, z) = (low, high, (ulong)length * K1);
        var v0 = (Rotate(y ^ K1, 49) * K1) + At(s, 0);
        var v = (First: v0, Second: (Rotate(v0, 42) * K1) + At(s, 8));
        var w = (First: (Rotate(y + z, 35) * K1) + x, Second: Rotate(x + At(s, 88), 53) * K1);
        var rest = s;
        for (; rest.Length >= 128; rest = rest[128..])
        {
            for (var half = 0; half < 128; half += 64)
            {
                var t = rest[half..];
                x = Rotate(x + y + v.First + At(t, 16), 37) * K1;
                y = Rotate(y + v.Second + At(t, 48), 42) * K1;
                x ^= w.Second;
                y ^= v.First;
                z = Rotate(z ^ w.First, 33);
                v = Weak32(t, v.Second * K1, x + w.First);
                w = Weak32(t[32..], z + w.Second, y);
                (z, x) = (x, z);
            }
        }
        y += (Rotate(w.First, 37) * K0) + z;
        x += Rotate(v.First + z, 49) * K0;
        // What is left, in pieces of 32 bytes from the end; the last one reaches back into what was hashed already.
        for (var done = 32; done < rest.Length + 32; done += 32)
        {
            var t = s[(length - done)..];
            y = (Rotate(y - x, 42) * K0) + v.Second;
            w.First += At(t, 16);
            x = (Rotate(x, 49) * K0) + w.First;
            w.First += v.First;
            v = Weak32(t, v.First, v.Second);
        }
        x = Mix(x, v.First);
        y = Mix(y, w.First);
        return (Mix(x + v.Second, w.Second) + y, Mix(x + w.Second, y + v.Second));
    }

    private static (ulong, ulong) Short(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        var length = s.Length;
        ulong c, d;
        if (length <= 16)
        {
            a = Shift(a * K1) * K1;
            c = (b * K1) + Tiny(s);
            d = Shift(a + (length >= 8 ? At(s, 0) : c));
        }
        else
        {
            c = Mix(At(s, length - 8) + K1, a);
            d = Mix(b + (ulong)length, c + At(s, length - 16));
            a += d;
            for (var at = 0; at < length - 16; at += 16)
            {
                a = (a ^ (Shift(At(s, at) * K1) * K1)) * K1;
                b ^= a;
                c = (c ^ (Shift(At(s, at + 8) * K1) * K1)) * K1;
                d ^= c;
            }
        }
        a = Mix(a, c);
        b = Mix(d, b);
        return (a ^ b, Mix(b, a));
    }

    private static ulong Tiny(ReadOnlySpan<byte> s)
    {
        var length = s.Length;
        if (length > 8)
        {
            var last = At(s, length - 8);
            return Mix(At(s, 0), Rotate(last + (ulong)length, length)) ^ last;
        }
        if (length >= 4)
        {
            return Mix((ulong)length + ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(s) << 3),
                BinaryPrimitives.ReadUInt32LittleEndian(s[(length - 4)..]));
        }
        if (length > 0)
        {
            var y = s[0] + ((uint)s[length >> 1] << 8);
            var z = (uint)length + ((uint)s[length - 1] << 2);
            return Shift((y * K2) ^ (z * K3)) * K2;
        }
        return K2;
    }

    private static (ulong, ulong) Weak32(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        a += At(s, 0);
        b = Rotate(b + a + At(s, 24), 21);
        var c = a;
        a += At(s, 8) + At(s, 16);
        b += Rotate(a, 44);
        return (a + At(s, 24), b + c);
    }

    private static ulong Mix(ulong u, ulong v)
    {
        const ulong multiplier = 0x9ddfea08eb382d69;
        var a = Shift((u ^ v) * multiplier);
        return Shift((v ^ a) * multiplier) * multiplier;
    }

    private static ulong Shift(ulong value) => value ^ (value >> 47);

    private static ulong Rotate(ulong value, int bits) => BitOperations.RotateRight(value, bits);

    private static ulong At(ReadOnlySpan<byte> s, int index) => BinaryPrimitives.ReadUInt64LittleEndian(s[index..]);
}
