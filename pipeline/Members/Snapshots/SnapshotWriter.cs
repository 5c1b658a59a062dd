using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Streaming.Members.Snapshots;

/// <summary>Writes a member's fields one after another: whole numbers as variable-length integers, small values in few bytes.</summary>
/// <remarks>Owned and reused by one thread. The order of the calls is the format.</remarks>
public sealed class SnapshotWriter
{
    private byte[] buffer = new byte[1024];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written so far. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    /// <summary>Starts over.</summary>
    public void Clear() => Length = 0;

    /// <summary>A number ≥ 0: 1 byte below 128, at most 10.</summary>
    public void Unsigned(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[Length++] = (byte)value;
    }

    /// <summary>A number of either sign, small in either direction.</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        Room(1);
        buffer[Length++] = value;
    }

    /// <summary>A truth value, one byte.</summary>
    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Eight bytes, exactly.</summary>
    public void Double(double value)
    {
        Room(8);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.AsSpan(Length), value);
        Length += 8;
    }

    /// <summary>Eight bytes that do not compress: a hash.</summary>
    public void Fixed(ulong value)
    {
        Room(8);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(Length), value);
        Length += 8;
    }

    /// <summary>Several hashes, eight bytes each, without their number.</summary>
    public void Fixed(ReadOnlySpan<ulong> values)
    {
        Room(values.Length * 8);
        var to = MemoryMarshal.Cast<byte, ulong>(buffer.AsSpan(Length, values.Length * 8));
        if (BitConverter.IsLittleEndian) values.CopyTo(to);
        else BinaryPrimitives.ReverseEndianness(values, to);
        Length += values.Length * 8;
    }

    /// <summary>Length, then bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Unsigned((ulong)value.Length);
        Room(value.Length);
        value.CopyTo(buffer.AsSpan(Length));
        Length += value.Length;
    }

    private void Room(int more)
    {
        if (buffer.Length - Length < more) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + more));
    }
}
