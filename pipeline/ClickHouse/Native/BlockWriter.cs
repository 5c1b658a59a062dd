using System.Buffers.Binary;
using System.Numerics;

namespace Streaming.ClickHouse.Native;

/// <summary>Writes a block from its beginning to its end into a buffer whose size was calculated before, so that each byte is written once
/// and no buffer grows.</summary>
public ref struct BlockWriter(Span<byte> room)
{
    private readonly Span<byte> room = room;

    /// <summary>Bytes written.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes that a number takes.</summary>
    public static int SizeOf(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>A number as LEB128 (seven bits a byte).</summary>
    public void Unsigned(ulong value)
    {
        var to = Take(SizeOf(value));
        var n = 0;
        for (; value >= 0x80; value >>= 7) to[n++] = (byte)(value | 0x80);
        to[n] = (byte)value;
    }

    /// <summary>Eight bytes, low byte first.</summary>
    public void Fixed(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>The next bytes, which the caller fills.</summary>
    public Span<byte> Take(int bytes)
    {
        Position += bytes;
        return room.Slice(Position - bytes, bytes);
    }
}
