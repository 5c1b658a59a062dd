using System.Globalization;
using System.Text;

namespace Streaming.Common.Escaping;

/// <summary>Makes untrusted text safe for one line of a terminal or log: it cannot begin a new line, move the cursor or reorder the
/// text.</summary>
public static class TerminalText
{
    /// <summary>The text with every <see cref="Unprintable"/> character written as <c>\u{1b}</c>;
    /// what is no character as <c>\u{fffd}</c>. Allocates.</summary>
    public static string Of(string text)
    {
        if (!text.EnumerateRunes().Any(IsEscaped)) return text;
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsEscaped(rune)) safe.Append(CultureInfo.InvariantCulture, $@"\u{{{rune.Value:x}}}");
            else safe.Append(rune.ToString());
        }

        return safe.ToString();
    }

    /// <summary>The same for bytes that should be UTF-8.</summary>
    public static string Of(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8));

    // half a surrogate pair comes out as the replacement character
    private static bool IsEscaped(Rune rune) => rune == Rune.ReplacementChar || Unprintable.Is(rune);
}
