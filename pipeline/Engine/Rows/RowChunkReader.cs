using System.Buffers.Binary;

namespace Streaming.Engine.Rows;

/// <summary>Reads a row chunk in the order it was written.</summary>
/// <exception cref="InvalidDataException">The chunk ends early or its bytes are in no known format: the commit record is damaged. Not
/// retried.</exception>
public ref struct RowChunkReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    public readonly int Position => at;

    public readonly bool AtEnd => at == bytes.Length;

    public byte Byte() => at < bytes.Length ? bytes[at++] : throw Damaged("it ends early");

    public ulong Unsigned()
    {
        if (at < bytes.Length && bytes[at] < 0x80) return bytes[at++];
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw Damaged("a number is longer than 64 bits");
    }

    public long Signed()
    {
        var v = Unsigned();
        return (long)(v >> 1) ^ -(long)(v & 1);
    }

    public Int128 Wide() => BinaryPrimitives.ReadInt128LittleEndian(Take(16));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ulong Fixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Unsigned();
        return length <= (ulong)(bytes.Length - at) ? Take((int)length) : throw Damaged("a text is longer than the rest");
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if (bytes.Length - at < length) throw Damaged("it ends early");
        at += length;
        return bytes.Slice(at - length, length);
    }

    public static InvalidDataException Damaged(string what) =>
        new($"The rows of a commit record cannot be read: {what}. The data directory is damaged, or was written by a newer version.");
}
