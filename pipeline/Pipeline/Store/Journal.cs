using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Pipeline.Store;

/// <summary>Where a large commit's bytes stand: in files beside the database, appended and synced before the row that names the place.</summary>
/// <remarks>
/// In the database they would be written three times (log, pages, free pages), a page at a time: most of what a commit cost. What no row names
/// was never committed and is overwritten or deleted. Appending and trimming belong to the committer; places may be read by any thread
/// that holds the store's lock or read them in a transaction of its own.
/// </remarks>
internal sealed partial class Journal : IDisposable
{
    /// <summary>Commits with fewer bytes stand in their rows: one sync instead of two, for few bytes.</summary>
    public const int Threshold = 128 << 10;

    /// <summary>A file is closed once it has this many bytes.</summary>
    public const long FileBytes = 64 << 20;

    private readonly string folder;
    private readonly Dictionary<long, long> lastCommit = []; // by file, those that rows name
    private SafeFileHandle? file;
    private long number, end;

    /// <summary>The journal of one data directory.</summary>
    /// <param name="folder">The data directory.</param>
    /// <param name="named">Files that rows name, each with the last commit in it; every other file is deleted.</param>
    public Journal(string folder, IEnumerable<(long File, long LastCommit)> named)
    {
        this.folder = folder;
        foreach (var (known, last) in named) lastCommit[known] = last;
        number = lastCommit.Count == 0 ? 0 : lastCommit.Keys.Max();
        foreach (var path in Directory.EnumerateFiles(folder, "journal-*"))
        {
            if (!lastCommit.Keys.Any(known => PathOf(known) == path)) File.Delete(path);
        }
    }

    /// <summary>Appends a commit's bytes and syncs them. Until <see cref="Committed"/> the next call writes to the same place.</summary>
    /// <exception cref="IOException">The disk is full or fails; nothing is changed by that.</exception>
    public JournalPlace Append(ReadOnlyMemory<byte> sequence, ReadOnlyMemory<byte> outputs)
    {
        if (file is null || end >= FileBytes) Begin();
        RandomAccess.Write(file!, [sequence, outputs], end);
        RandomAccess.FlushToDisk(file!);
        return new JournalPlace(number, end, sequence.Length, outputs.Length, Sum(outputs.Span, Sum(sequence.Span, 0)));
    }

    /// <summary>The row that names the place is durable.</summary>
    public void Committed(long commit, in JournalPlace place)
    {
        end = place.Start + place.SequenceLength + place.OutputsLength;
        lastCommit[place.File] = commit;
    }

    /// <summary>Deletes the files that hold nothing after this commit. Their rows must be gone.</summary>
    public void Trim(long upTo)
    {
        foreach (var (known, last) in lastCommit)
        {
            if (last > upTo || known == number) continue;
            lastCommit.Remove(known);
            File.Delete(PathOf(known));
        }
    }

    /// <summary>A commit's bytes.</summary>
    /// <exception cref="StoreException">They are not what was written.</exception>
    public (byte[] Sequence, byte[] Outputs) Read(in JournalPlace place)
    {
        var sequence = new byte[place.SequenceLength];
        var outputs = new byte[place.OutputsLength];
        if (File.Exists(PathOf(place.File)))
        {
            using var from = File.OpenHandle(PathOf(place.File), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Fill(from, sequence, place.Start);
            Fill(from, outputs, place.Start + place.SequenceLength);
        }

        return Sum(outputs, Sum(sequence, 0)) == place.Sum
            ? (sequence, outputs)
            : throw new StoreException($"The store is damaged ({PathOf(place.File)} does not hold what was committed): restore it from a backup, or start an empty data directory.", false);
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private string PathOf(long journal) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"journal-{journal:000000000}"));

    private void Begin()
    {
        var next = File.OpenHandle(PathOf(number + 1), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            SyncFolder();
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

    /// <summary>Makes the new file's name durable; a file can be synced and yet be in no folder.</summary>
    private void SyncFolder()
    {
        var opened = Open(folder, 0);
        if (opened < 0) throw new IOException($"The folder {folder} cannot be opened to be synced (error {Marshal.GetLastPInvokeError()}).");
        var failed = Sync(opened) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(opened);
        if (failed) throw new IOException($"The folder {folder} cannot be synced (error {error}).");
    }

    private static void Fill(SafeFileHandle from, Span<byte> to, long at)
    {
        while (to.Length > 0)
        {
            var read = RandomAccess.Read(from, to, at);
            if (read == 0) return; // the sum tells
            to = to[read..];
            at += read;
        }
    }

    private static uint Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) sum = BitOperations.Crc32C(sum, word);
        foreach (var last in bytes[(words.Length * sizeof(ulong))..]) sum = BitOperations.Crc32C(sum, last);
        return sum;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}

/// <summary>A place in the journal.</summary>
/// <param name="File">Number of the file.</param>
/// <param name="Start">Where the sequence begins; the outputs follow it.</param>
/// <param name="SequenceLength">Bytes of the sequence.</param>
/// <param name="OutputsLength">Bytes of the outputs.</param>
/// <param name="Sum">CRC-32C of both.</param>
internal readonly record struct JournalPlace(long File, long Start, int SequenceLength, int OutputsLength, uint Sum);
