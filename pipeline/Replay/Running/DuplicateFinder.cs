using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Streaming.Common.Files;
using Streaming.Replay.Reading;

namespace Streaming.Replay.Running;

/// <summary>Finds the rows of a file that repeat an earlier one exactly, in bounded memory.</summary>
/// <remarks>
/// Each row is kept as 128 bits of the SHA-256 of its values and its number. Sorted, equal rows stand side by side and the first of
/// them is the one kept, so the answer depends on the file alone. Rows beyond the limit are written to disk as sorted runs and merged at
/// the end. Besides that it needs one bit per row. Not thread-safe.
/// </remarks>
internal sealed class DuplicateFinder : IDisposable
{
    private readonly string directory;
    private readonly int inMemory;
    private readonly List<FileStream> runs = [];
    private readonly ArrayBufferWriter<byte> content = new();
    private Entry[] entries;
    private int count;

    /// <summary>Begins a file.</summary>
    /// <param name="directory">Where runs go; they are deleted when this is disposed.</param>
    /// <param name="inMemory">Rows held in memory.</param>
    public DuplicateFinder(string directory, int inMemory)
    {
        this.directory = directory;
        this.inMemory = inMemory;
        entries = new Entry[Math.Min(1024, inMemory)];
    }

    /// <summary>Rows added.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds the file's next row.</summary>
    /// <returns>Half of its hash.</returns>
    public ulong Add(ReadOnlySpan<string> values)
    {
        if (count == inMemory) Spill();
        else if (count == entries.Length) Array.Resize(ref entries, Math.Min(count * 2, inMemory));
        content.ResetWrittenCount();
        foreach (var value in values)
        {
            var span = content.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
            var length = Encoding.UTF8.GetBytes(value, span[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(span, length);
            content.Advance(4 + length);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content.WrittenSpan, hash);
        entries[count] = new Entry(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]),
            ++Rows);
        return entries[count++].High;
    }

    /// <summary>The rows that repeat an earlier one, once all rows are added.</summary>
    public RowSet Find()
    {
        var repeats = new RowSet(Rows);
        Entry last = default;
        foreach (var entry in Sorted())
        {
            if (entry.High == last.High && entry.Low == last.Low && last.Row > 0) repeats.Add(entry.Row);
            last = entry;
        }

        return repeats;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in runs) run.Dispose();
        runs.Clear();
    }

    private IEnumerable<Entry> Sorted()
    {
        if (runs.Count == 0)
        {
            Array.Sort(entries, 0, count);
            return entries.Take(count);
        }

        Spill();
        return Merged();
    }

    private IEnumerable<Entry> Merged()
    {
        var heads = new PriorityQueue<FileStream, Entry>();
        foreach (var run in runs)
        {
            run.Position = 0;
            if (Entry.Read(run) is { } first) heads.Enqueue(run, first);
        }

        while (heads.TryDequeue(out var run, out var entry))
        {
            yield return entry;
            if (Entry.Read(run) is { } next) heads.Enqueue(run, next);
        }
    }

    private void Spill()
    {
        Array.Sort(entries, 0, count);
        Directory.CreateDirectory(directory);
        var run = PrivateFile.Create(Path.Combine(directory, $"replay-{Guid.NewGuid():n}.run"), FileOptions.DeleteOnClose);
        runs.Add(run);
        foreach (var entry in entries.AsSpan(0, count)) entry.Write(run);
        count = 0;
    }

    private readonly record struct Entry(ulong High, ulong Low, long Row) : IComparable<Entry>
    {
        private const int Size = 24;

        public int CompareTo(Entry other)
        {
            var order = High.CompareTo(other.High);
            if (order == 0) order = Low.CompareTo(other.Low);
            return order == 0 ? Row.CompareTo(other.Row) : order;
        }

        public void Write(Stream to)
        {
            Span<byte> bytes = stackalloc byte[Size];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, High);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Low);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Row);
            to.Write(bytes);
        }

        public static Entry? Read(Stream from)
        {
            Span<byte> bytes = stackalloc byte[Size];
            if (from.ReadAtLeast(bytes, Size, throwOnEndOfStream: false) < Size) return null;
            return new Entry(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        }
    }
}
