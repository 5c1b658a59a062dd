using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Streaming.Common.Files;
using Streaming.Engine.Storing;

namespace Streaming.Stores.Sqlite;

/// <summary>Holds the bytes of large commits and blocks in files beside the database. They are appended and synced before the row that
/// names their place is written.</summary>
/// <remarks>
/// In the database they would be written three times (log, pages, free pages), a page at a time, which would be most of a commit's time.
/// Bytes that no row names were never committed; they are overwritten or deleted. A file that no row names any more is written again from
/// its beginning under the
/// next number: its pages are in the page cache and its disk blocks are allocated, which a new file would have to do first. When little is
/// written, files that no row names are removed (<see cref="Clear"/>), so that members' data does not stay on the disk longer than needed.
/// Appending and trimming
/// happen under the store's lock; a place may be read by any thread as long as its row stands.
/// </remarks>
internal sealed class Journal : IDisposable
{
    /// <summary>Bytes from which a value goes to a journal; a smaller one stays in its row, which takes one sync instead of two.</summary>
    public const int Threshold = 128 << 10;

    /// <summary>A file is closed once it has this many bytes.</summary>
    public const long FileBytes = 64 << 20;

    /// <summary>Free files kept to be written again, 1 GiB: about what a full pipeline writes between two rounds of snapshots.
    /// Files beyond that are deleted.</summary>
    public const int MostSpare = 16;

    private readonly string folder, name;
    private readonly Dictionary<long, long> marks = []; // by file, those that rows name
    private readonly Stack<long> spare = []; // files that no row names; the latest on top, because most of it is in the page cache
    private SafeFileHandle? file;
    private long number, end;
    private long passed = long.MinValue; // no row names a mark up to here

    /// <summary>A journal of one data directory.</summary>
    /// <param name="folder">The data directory.</param>
    /// <param name="name">What its files' names begin with.</param>
    /// <param name="named">Files that rows name, each with the highest mark in it; every other file is deleted.</param>
    public Journal(string folder, string name, IEnumerable<(long File, long Mark)> named)
    {
        this.folder = folder;
        this.name = name;
        foreach (var (known, mark) in named) marks[known] = mark;
        number = marks.Count == 0 ? 0 : marks.Keys.Max();
        foreach (var path in Directory.EnumerateFiles(folder, name + "-*"))
        {
            if (!marks.Keys.Any(known => PathOf(known) == path)) File.Delete(path);
        }
    }

    /// <summary>Appends bytes, one after another, and syncs them. Until <see cref="Committed"/>
    /// the next call writes to the same place.</summary>
    /// <returns>The file, and where the first of them begins.</returns>
    /// <exception cref="IOException">The disk is full or fails; nothing is changed by that.</exception>
    public (long File, long Start) Append(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (file is null || end >= FileBytes) Begin();
        RandomAccess.Write(file!, parts, end);
        RandomAccess.FlushToDisk(file!);
        return (number, end);
    }

    /// <summary>The rows that name what was appended are durable.</summary>
    /// <param name="mark">The file is free once this mark is passed; never lower than the one before.</param>
    /// <param name="upTo">Where the bytes end.</param>
    public void Committed(long mark, long upTo)
    {
        end = upTo;
        marks[number] = mark;
        passed = Math.Min(passed, mark - 1);
    }

    /// <summary>Lets go the files that hold nothing above this mark. Their rows must be gone. It runs after a commit is durable, so that no
    /// error of the disk comes out of it: a file that cannot be deleted stays free and is tried again.</summary>
    public void Trim(long upTo)
    {
        passed = upTo;
        foreach (var (known, mark) in marks)
        {
            if (mark > upTo || known == number) continue;
            marks.Remove(known);
            spare.Push(known);
        }

        while (spare.Count > MostSpare && TryDeleteSpare())
        {
        }
    }

    /// <summary>Removes what no row names any more: the files to be written again, and what
    /// stands in the present one when all of it has passed.</summary>
    /// <exception cref="IOException">The disk fails; what is left is removed the next time.</exception>
    public void Clear()
    {
        while (spare.TryPeek(out var old))
        {
            File.Delete(PathOf(old));
            spare.Pop();
        }

        if (file is null || end == 0 || marks.GetValueOrDefault(number, long.MinValue) > passed) return;
        RandomAccess.SetLength(file, 0);
        marks.Remove(number);
        end = 0;
    }

    /// <summary>Reads the bytes at a place.</summary>
    /// <exception cref="StoreException">The bytes there are not those that were written.</exception>
    public byte[] Read(in JournalPlace place)
    {
        var bytes = new byte[place.Length];
        if (File.Exists(PathOf(place.File)))
        {
            using var from = File.OpenHandle(PathOf(place.File), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Fill(from, bytes, place.Start);
        }

        return Sum(bytes) == place.Sum
            ? bytes
            : throw new StoreException($"The store is damaged ({PathOf(place.File)} does not hold what was committed): restore it from a " +
                $"backup, or start an empty data directory.", false);
    }

    /// <summary>CRC-32C of the bytes, continued from the sum of the bytes before them.</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes, uint sum = 0)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) sum = BitOperations.Crc32C(sum, word);
        foreach (var last in bytes[(words.Length * sizeof(ulong))..]) sum = BitOperations.Crc32C(sum, last);
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        while (TryDeleteSpare()) // what is left then is deleted by the next start
        {
        }
    }

    private bool TryDeleteSpare()
    {
        if (!spare.TryPeek(out var old)) return false;
        try
        {
            File.Delete(PathOf(old));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        spare.Pop();
        return true;
    }

    private string PathOf(long journal) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{journal:000000000}"));

    private void Begin()
    {
        if (spare.TryPop(out var old)) File.Move(PathOf(old), PathOf(number + 1), overwrite: true);
        var next = File.OpenHandle(PathOf(number + 1), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            FolderSync.Run(folder); // the new file's name
        }
        catch
        {
            next.Dispose();
            throw;
        }

        file?.Dispose();
        file = next;
        number++;
        end = 0;
    }

    private static void Fill(SafeFileHandle from, Span<byte> to, long at)
    {
        while (to.Length > 0)
        {
            var read = RandomAccess.Read(from, to, at);
            if (read == 0) return; // too short: the checksum does not match then
            to = to[read..];
            at += read;
        }
    }
}

/// <summary>A place in a journal.</summary>
/// <param name="File">Number of the file.</param>
/// <param name="Start">Where the bytes begin.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Sum">Their <see cref="Journal.Sum"/>.</param>
internal readonly record struct JournalPlace(long File, long Start, int Length, uint Sum);
