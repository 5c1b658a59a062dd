using System.Buffers.Text;

namespace Streaming.Contract.Decoding;

/// <summary>Whole numbers written as such: no fraction, no exponent.</summary>
internal static class Integers
{
    /// <summary>True for digits alone, perhaps with a minus before them.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("-"u8)) text = text[1..];
        return !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Reads a JSON number between −<paramref name="max"/> and <paramref name="max"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, long max, out long value) =>
        Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length && value >= -max && value <= max;
}
