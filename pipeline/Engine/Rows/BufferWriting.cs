using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Streaming.Engine.Rows;

/// <summary>The few encodings that row chunks and ClickHouse blocks are made of: LEB128
/// numbers, length-prefixed bytes, little-endian words.</summary>
internal static class BufferWriting
{
    public static void Byte(this IBufferWriter<byte> to, byte value)
    {
        to.GetSpan(1)[0] = value;
        to.Advance(1);
    }

    private const int LongestNumber = 10;

    public static void Unsigned(this IBufferWriter<byte> to, ulong value) => to.Advance(Unsigned(to.GetSpan(LongestNumber), value));

    public static void Signed(this IBufferWriter<byte> to, long value) => to.Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A sum that may be longer than 64 bits: sixteen bytes, low half first.</summary>
    public static void Wide(this IBufferWriter<byte> to, Int128 value)
    {
        BinaryPrimitives.WriteInt128LittleEndian(to.GetSpan(16), value);
        to.Advance(16);
    }

    public static void Double(this IBufferWriter<byte> to, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(to.GetSpan(8), value);
        to.Advance(8);
    }

    public static void Fixed(this IBufferWriter<byte> to, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to.GetSpan(8), value);
        to.Advance(8);
    }

    public static void Bytes(this IBufferWriter<byte> to, ReadOnlySpan<byte> value)
    {
        var span = to.GetSpan(LongestNumber + value.Length);
        var n = Unsigned(span, (ulong)value.Length);
        value.CopyTo(span[n..]);
        to.Advance(n + value.Length);
    }

    /// <summary>A text as length-prefixed UTF-8; null is written as empty.</summary>
    public static void Utf8(this IBufferWriter<byte> to, string? value)
    {
        var length = Encoding.UTF8.GetByteCount(value ?? "");
        to.Unsigned((ulong)length);
        Encoding.UTF8.GetBytes(value ?? "", to.GetSpan(length));
        to.Advance(length);
    }

    private static int Unsigned(Span<byte> to, ulong value)
    {
        var n = 0;
        for (; value >= 0x80; value >>= 7) to[n++] = (byte)(value | 0x80);
        to[n++] = (byte)value;
        return n;
    }
}
