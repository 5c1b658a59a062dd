using System.Globalization;
using System.Text;

namespace Streaming.Common.Escaping;

/// <summary>Control and invisible characters. They are refused in ids and escaped elsewhere.</summary>
public static class Unprintable
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary>
    /// True for control characters, invisible format characters (bidirectional overrides among them) and separators of lines and
    /// paragraphs. Not for the two joiners, without which Persian, Indic scripts and many emoji cannot be written.
    /// </summary>
    public static bool Is(Rune rune) => rune.IsAscii
        ? Rune.IsControl(rune)
        : rune.Value is not (NonJoiner or Joiner) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>True when any character of the UTF-8 text is one; what is no UTF-8 counts as one. Allocates nothing.</summary>
    public static bool IsIn(ReadOnlySpan<byte> utf8)
    {
        while (utf8.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is >= 0 and var at)
        {
            if (Rune.DecodeFromUtf8(utf8[at..], out var rune, out var length) != System.Buffers.OperationStatus.Done || Is(rune))
                return true;
            utf8 = utf8[(at + length)..];
        }

        return false;
    }
}
