using System.Text;

namespace Streaming.Members;

/// <summary>UTF-8 text inside a buffer that belongs to another object: no copy; valid as long as that buffer is.</summary>
public readonly struct Text : IEquatable<Text>
{
    private readonly byte[]? buffer;
    private readonly int offset;

    /// <summary>The <paramref name="length"/> bytes of <paramref name="buffer"/> from <paramref name="offset"/>.</summary>
    public Text(byte[] buffer, int offset, int length)
    {
        this.buffer = buffer;
        this.offset = offset;
        Length = length;
    }

    /// <summary>Text of its own, for rules and tests; allocates.</summary>
    public static Text From(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new Text(bytes, 0, bytes.Length);
    }

    /// <summary>Length in bytes.</summary>
    public int Length { get; }

    /// <summary>True for a field that was absent or empty.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => buffer is null ? default : buffer.AsSpan(offset, Length);

    /// <summary>The same text without spaces, tabs and line ends around it.</summary>
    public Text Trim()
    {
        var rest = Span.TrimStart(" \t\r\n"u8);
        return rest.IsEmpty ? default : new Text(buffer!, offset + Length - rest.Length, rest.TrimEnd(" \t\r\n"u8).Length);
    }

    /// <summary>True for UTF-8 texts that differ at most in the case of their letters.</summary>
    public static bool SameLetters(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        while (!one.IsEmpty && !other.IsEmpty)
        {
            Rune.DecodeFromUtf8(one, out var left, out var taken);
            Rune.DecodeFromUtf8(other, out var right, out var takenToo);
            if (left != right && Rune.ToUpperInvariant(left) != Rune.ToUpperInvariant(right)) return false;
            one = one[taken..];
            other = other[takenToo..];
        }

        return one.IsEmpty && other.IsEmpty;
    }

    /// <summary>A copy of these bytes as a string; allocates.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);

    /// <inheritdoc/>
    public bool Equals(Text other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Text other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)StableHash.Of(Span);

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Text left, Text right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Text left, Text right) => !left.Equals(right);
}
