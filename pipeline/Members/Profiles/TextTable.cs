using Streaming.Members.Snapshots;

namespace Streaming.Members.Profiles;

/// <summary>A few short texts by name, packed into one buffer. Names keep the order in which they were added.</summary>
public struct TextTable
{
    /// <summary>The most names it holds.</summary>
    public const int MaxEntries = 16;

    /// <summary>The longest name or value, in bytes.</summary>
    public const int MaxText = 64;

    // Each entry: length of the name, length of the value, name, value.
    private const int Head = 2;
    private const int FirstRoom = 40;
    private byte[]? buffer;
    private ushort used;
    private byte count;

    /// <summary>How many names are set.</summary>
    public readonly int Count => count;

    /// <summary>The first entry, or the end.</summary>
    public readonly Enumerator GetEnumerator() => new(buffer.AsSpan(0, used));

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        used = 0;
        count = 0;
    }

    /// <summary>Sets the value of a name.</summary>
    /// <returns>False, and nothing changed, when a text is empty or too long for its place or there are too many names.</returns>
    public bool Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || name.Length > MaxText || value.Length > MaxText) return false;
        var at = Find(name);
        if (at < 0 && count == MaxEntries) return false;
        if (at >= 0) Cut(at);
        else at = used;
        var size = Head + name.Length + value.Length;
        if (buffer is null || used + size > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(used + size, buffer is null ? FirstRoom : buffer.Length * 2));
        }
        Array.Copy(buffer, at, buffer, at + size, used - at);
        buffer[at] = (byte)name.Length;
        buffer[at + 1] = (byte)value.Length;
        name.CopyTo(buffer.AsSpan(at + Head));
        value.CopyTo(buffer.AsSpan(at + Head + name.Length));
        used += (ushort)size;
        count++;
        return true;
    }

    /// <summary>Forgets a name.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        var at = Find(name);
        if (at >= 0) Cut(at);
    }

    /// <summary>Finds the value of a name.</summary>
    /// <param name="value">The value; valid until the table changes.</param>
    public readonly bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var at = Find(name);
        value = at < 0 ? default : buffer.AsSpan(at + Head + name.Length, buffer![at + 1]);
        return at >= 0;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to) => to.Bytes(buffer.AsSpan(0, used));

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    /// <exception cref="SnapshotException">The bytes are not such a table.</exception>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        var rest = from.Bytes();
        while (!rest.IsEmpty)
        {
            if (rest.Length < Head || rest.Length < Head + rest[0] + rest[1]
                || !Set(rest.Slice(Head, rest[0]), rest.Slice(Head + rest[0], rest[1])))
            {
                throw new SnapshotException("a table of texts is damaged");
            }

            rest = rest[(Head + rest[0] + rest[1])..];
        }
    }

    private readonly int Find(ReadOnlySpan<byte> name)
    {
        var entries = buffer.AsSpan(0, used);
        for (var at = 0; at < entries.Length; at += Head + entries[at] + entries[at + 1])
        {
            if (entries.Slice(at + Head, entries[at]).SequenceEqual(name)) return at;
        }

        return -1;
    }

    private void Cut(int at)
    {
        var entries = buffer.AsSpan(0, used);
        var size = Head + entries[at] + entries[at + 1];
        entries[(at + size)..].CopyTo(entries[at..]);
        used -= (ushort)size;
        count--;
    }

    /// <summary>Walks over the entries; valid until the table changes.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> entries)
    {
        private ReadOnlySpan<byte> rest = entries;

        /// <summary>The present entry.</summary>
        public Entry Current { get; private set; }

        /// <summary>Moves to the next entry; false after the last.</summary>
        public bool MoveNext()
        {
            if (rest.IsEmpty) return false;
            Current = new Entry(rest.Slice(Head, rest[0]), rest.Slice(Head + rest[0], rest[1]));
            rest = rest[(Head + rest[0] + rest[1])..];
            return true;
        }
    }

    /// <summary>A name and its value.</summary>
    public readonly ref struct Entry(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        /// <summary>The name.</summary>
        public ReadOnlySpan<byte> Name { get; } = name;

        /// <summary>Its value.</summary>
        public ReadOnlySpan<byte> Value { get; } = value;
    }
}
