using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Streaming.Members.Snapshots;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote, in the same order.</summary>
/// <exception cref="SnapshotException">The bytes end early or are not a number: the snapshot is damaged.</exception>
public ref struct SnapshotReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <summary>The format the snapshot was written in (<see cref="Member.Format"/>): a field that
    /// came later is not in an earlier one. 0 where there is none.</summary>
    public byte Format { readonly get; set; }

    /// <summary>True when every byte was read.</summary>
    public readonly bool AtEnd => Left == 0;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Left => bytes.Length - at;

    /// <summary>A number ≥ 0.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new SnapshotException("a number longer than 64 bits");
    }

    /// <summary>A number of either sign.</summary>
    public long Signed()
    {
        var v = Unsigned();
        return (long)(v >> 1) ^ -(long)(v & 1);
    }

    /// <summary>One byte.</summary>
    public byte Byte() => at < bytes.Length ? bytes[at++] : throw new SnapshotException("it ends early");

    /// <summary>A truth value.</summary>
    public bool Flag() => Byte() != 0;

    /// <summary>Eight bytes as a double.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Eight bytes as a hash.</summary>
    public ulong Fixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>As many hashes as fit <paramref name="values"/>.</summary>
    public void Fixed(Span<ulong> values)
    {
        var from = MemoryMarshal.Cast<byte, ulong>(Take(values.Length * 8));
        if (BitConverter.IsLittleEndian) from.CopyTo(values);
        else BinaryPrimitives.ReverseEndianness(from, values);
    }

    /// <summary>Passes over so many bytes.</summary>
    public void Skip(int length) => Take(length);

    /// <summary>Length, then bytes; valid as long as the snapshot's bytes are.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Unsigned();
        return length <= (ulong)(bytes.Length - at) ? Take((int)length) : throw new SnapshotException("a text longer than the rest");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (bytes.Length - at < length) throw new SnapshotException("it ends early");
        at += length;
        return bytes.Slice(at - length, length);
    }
}

/// <summary>A member's snapshot cannot be read: damaged, or of a version this program does not know. Final; not retried.</summary>
public sealed class SnapshotException(string what) : Exception(
    $"The snapshot of a member cannot be read: {what}. Start the version that wrote it, or restore a backup.");
