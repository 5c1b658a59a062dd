namespace Streaming.ClickHouse.Native;

/// <summary>Texts one after another, each behind its length, as Native has them: grows, is written as a whole and emptied.</summary>
internal sealed class TextBuffer
{
    private const int LongestLength = 5; // bytes of an Int32 as LEB128
    private byte[] bytes = new byte[256];
    private int used;

    /// <summary>What was added since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, used);

    /// <summary>Adds one text behind its length.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (bytes.Length - used < text.Length + LongestLength)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + text.Length + LongestLength));
        }
        var length = (uint)text.Length;
        for (; length >= 0x80; length >>= 7) bytes[used++] = (byte)(length | 0x80);
        bytes[used++] = (byte)length;
        text.CopyTo(bytes.AsSpan(used));
        used += text.Length;
    }

    /// <summary>Room for so many bytes, which the caller fills.</summary>
    public Span<byte> Take(int count)
    {
        if (bytes.Length - used < count) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + count));
        used += count;
        return bytes.AsSpan(used - count, count);
    }

    public void Clear() => used = 0;
}
