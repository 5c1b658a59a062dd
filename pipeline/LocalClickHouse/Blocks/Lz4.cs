using System.Buffers.Binary;

namespace Streaming.LocalClickHouse.Blocks;

/// <summary>LZ4's block format: sequences of literals and of copies from the last 64 KiB. Pure.</summary>
internal static class Lz4
{
    private const int MinMatch = 4;
    private const int MaxOffset = 65_535;
    private const int TableBits = 14;

    // The format ends with at least five literals, and no copy starts within the last twelve bytes.
    private const int LastLiterals = 5;
    private const int LastMatchStart = 12;

    /// <summary>The most bytes that compressing this many can give.</summary>
    public static int MaxCompressed(int length) => length + (length / 255) + 16;

    /// <summary>Compresses fast: one look per position, no search for the longest copy.</summary>
    /// <param name="source">What to compress.</param>
    /// <param name="target">At least <see cref="MaxCompressed"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        // Positions are kept plus one, so that zero means none.
        Span<int> seen = stackalloc int[1 << TableBits];
        seen.Clear();
        var written = 0;
        var literals = 0;
        for (var at = 0; at < source.Length - LastMatchStart;)
        {
            var sequence = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            ref var slot = ref seen[(int)((sequence * 2_654_435_761) >> (32 - TableBits))];
            var from = slot - 1;
            slot = at + 1;
            if (from < 0 || at - from > MaxOffset || BinaryPrimitives.ReadUInt32LittleEndian(source[from..]) != sequence)
            {
                // The longer nothing repeats, the larger the steps: incompressible data cost little.
                at += 1 + ((at - literals) >> 6);
                continue;
            }
            var rest = source[(at + MinMatch)..^LastLiterals];
            var match = MinMatch + rest.CommonPrefixLength(source[(from + MinMatch)..]);
            written += Sequence(source[literals..at], at - from, match, target[written..]);
            at += match;
            literals = at;
        }
        return written + Sequence(source[literals..], 0, 0, target[written..]);
    }

    /// <summary>Decompresses a block of known size.</summary>
    /// <returns>False when the block is not sound or does not give exactly <paramref name="target"/>.</returns>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var (from, to) = (0, 0);
        while (from < source.Length)
        {
            var token = source[from++];
            if (!TryLength(source, ref from, token >> 4, out var literals) || literals > source.Length - from || literals > target.Length - to)
            {
                return false;
            }
            source.Slice(from, literals).CopyTo(target[to..]);
            (from, to) = (from + literals, to + literals);
            if (from == source.Length)
            {
                return to == target.Length;
            }
            if (source.Length - from < 2)
            {
                return false;
            }
            var offset = BinaryPrimitives.ReadUInt16LittleEndian(source[from..]);
            from += 2;
            if (!TryLength(source, ref from, token & 15, out var match) || offset == 0 || offset > to || (match += MinMatch) > target.Length - to)
            {
                return false;
            }
            Copy(target, to, offset, match);
            to += match;
        }
        return false;
    }

    private static int Sequence(ReadOnlySpan<byte> literals, int offset, int match, Span<byte> target)
    {
        var written = 1;
        var token = Length(literals.Length, target, ref written) << 4;
        literals.CopyTo(target[written..]);
        written += literals.Length;
        if (match > 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[written..], (ushort)offset);
            written += 2;
            token |= Length(match - MinMatch, target, ref written);
        }
        target[0] = (byte)token;
        return written;
    }

    /// <summary>Four bits of a length; 15 means that bytes follow, each 255 of which says that another does.</summary>
    private static int Length(int length, Span<byte> target, ref int written)
    {
        if (length < 15)
        {
            return length;
        }
        for (length -= 15; length >= 255; length -= 255)
        {
            target[written++] = 255;
        }
        target[written++] = (byte)length;
        return 15;
    }

    private static bool TryLength(ReadOnlySpan<byte> source, ref int from, int bits, out int length)
    {
        length = bits;
        for (var more = bits == 15; more;)
        {
            if (from >= source.Length || length > int.MaxValue - 300)
            {
                return false;
            }
            var next = source[from++];
            length += next;
            more = next == 255;
        }
        return true;
    }

    /// <summary>A copy may overlap what it writes: then it repeats.</summary>
    private static void Copy(Span<byte> target, int to, int offset, int length)
    {
        for (int copied = 0, step; copied < length; copied += step)
        {
            step = Math.Min(length - copied, offset + copied);
            target.Slice(to - offset, step).CopyTo(target[(to + copied)..]);
        }
    }
}
