namespace Streaming.Contract.Identity;

/// <summary>Lengths in characters, as JSON Schema counts them: Unicode code points, not bytes.</summary>
internal static class Characters
{
    /// <summary>True for valid UTF-8 of more than <paramref name="max"/> characters.</summary>
    public static bool Exceed(ReadOnlySpan<byte> text, int max)
    {
        if (text.Length <= max) return false;
        if (text.Length > max * 4) return true;
        var count = 0;
        foreach (var b in text)
        {
            if ((b & 0xC0) != 0x80) count++;
        }

        return count > max;
    }
}
