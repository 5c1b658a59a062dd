using System.Collections.Concurrent;
using System.Text;

namespace Streaming.Pipeline.Effects;

/// <summary>Rule names, reasons and other words of a small vocabulary, each as one string however often it is read.</summary>
/// <remarks>Thread-safe. Holds at most <see cref="Most"/> words; later ones are made anew each time.</remarks>
internal static class Words
{
    private const int Most = 4096;

    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 128) return Encoding.UTF8.GetString(utf8);
        Span<char> chars = stackalloc char[128];
        var name = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        if (Known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known)) return known;
        var made = name.ToString();
        return Known.Count < Most ? Known.GetOrAdd(made, made) : made;
    }
}
