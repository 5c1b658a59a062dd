using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Engine.Rows;

/// <summary>Rule names, reasons and other words of a small vocabulary, each as one string however often it is read.</summary>
/// <remarks>
/// Thread-safe. Holds at most 4,096 words; a further word is a new string each time it is read. (`Most` → `MaxWords`, `Longest` →
/// `MaxWordBytes`, `Slots` → `SlotsPerThread`) Each thread remembers words it has read lately
/// by their bytes, since rows come with the same few again and again.
/// </remarks>
public static class InternedTexts
{
    private const int Most = 4096, Longest = 128, Slots = 256;

    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    [ThreadStatic]
    private static (byte[]? Utf8, string Word)[]? recent;

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Longest) return Encoding.UTF8.GetString(utf8);
        ref var slot = ref (recent ??= new (byte[]?, string)[Slots])[Slot(utf8)];
        if (slot.Utf8 is { } read && utf8.SequenceEqual(read)) return slot.Word;
        slot = (utf8.ToArray(), Shared(utf8));
        return slot.Word;
    }

    private static string Shared(ReadOnlySpan<byte> utf8)
    {
        Span<char> chars = stackalloc char[Longest];
        var name = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        if (Known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known)) return known;
        var made = name.ToString();
        return Known.Count < Most ? Known.GetOrAdd(made, made) : made;
    }

    // Two words in one slot only cost a look into the shared dictionary. The hash takes the last four bytes because names differ mostly
    // there.
    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        var mixed = (uint)utf8.Length * 0x9E3779B1;
        if (utf8.Length >= 4) mixed = ((mixed ^ MemoryMarshal.Read<uint>(utf8)) * 0x85EBCA6B) ^ MemoryMarshal.Read<uint>(utf8[^4..]);
        else foreach (var b in utf8) mixed = (mixed ^ b) * 0x85EBCA6B;
        return (int)((mixed * 0xC2B2AE35) >> 24);
    }
}
