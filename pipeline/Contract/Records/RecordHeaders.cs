using System.Buffers.Binary;

namespace Streaming.Contract.Records;

/// <summary>A record's headers in one run of bytes: for each, name length (2 bytes),
/// name, value length (4 bytes, −1 = null), value.</summary>
public ref struct RecordHeaders(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>Name of the header last moved to (UTF-8).</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Value of the header last moved to; empty for null.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>True when that value is null.</summary>
    public bool IsNull { get; private set; }

    /// <summary>True when there is no header at all.</summary>
    public readonly bool IsEmpty => rest.IsEmpty;

    /// <summary>Moves to the next header; false after the last.</summary>
    public bool Next()
    {
        if (rest.IsEmpty) return false;
        var name = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        Name = rest.Slice(2, name);
        rest = rest[(2 + name)..];
        var value = BinaryPrimitives.ReadInt32LittleEndian(rest);
        IsNull = value < 0;
        Value = value <= 0 ? default : rest.Slice(4, value);
        rest = rest[(4 + Math.Max(value, 0))..];
        return true;
    }

    /// <summary>Bytes that <see cref="Write"/> needs for one header.</summary>
    public static int Size(int nameLength, int valueLength) => 6 + nameLength + Math.Max(valueLength, 0);

    /// <summary>Appends one header; <paramref name="isNull"/> tells null from empty.</summary>
    public static void Write(Span<byte> to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isNull)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)name.Length);
        name.CopyTo(to[2..]);
        BinaryPrimitives.WriteInt32LittleEndian(to[(2 + name.Length)..], isNull ? -1 : value.Length);
        value.CopyTo(to[(6 + name.Length)..]);
    }
}
