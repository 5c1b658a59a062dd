using System.IO.Compression;
using System.IO.Enumeration;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Reading;

/// <summary>A file on disk as the texts in it: one, or several in a zip archive. Unpacks as
/// it is read, within the mapping's limit. Not thread-safe.</summary>
internal sealed class Package : IDisposable
{
    /// <summary>The most entries of an archive.</summary>
    public const int MaxEntries = 10_000;

    private const int NamesTold = 10;
    private readonly FileStream file;
    private readonly ZipArchive? archive;

    private Package(FileStream file, ZipArchive? archive, IReadOnlyList<PackagePart> parts)
    {
        this.file = file;
        this.archive = archive;
        Parts = parts;
    }

    /// <summary>The texts, to be read one after another. At least one.</summary>
    public IReadOnlyList<PackagePart> Parts { get; }

    /// <summary>How far into the file reading has come, 0 to 1: for a progress bar.</summary>
    public double Progress => file.Length == 0 ? 1 : (double)file.Position / file.Length;

    /// <summary>Opens a file.</summary>
    /// <exception cref="ReplayFileException">It is no archive that can be read, or which of its entries are meant is not clear.</exception>
    public static Package Open(string path, Mapping mapping)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        try
        {
            if (!file.CanSeek) throw new ReplayFileException($"{path} is no regular file: it is read twice, so save it to disk first.");
            Span<byte> head = stackalloc byte[8];
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            file.Position = 0;
            var kind = FileSignature.Of(head);
            FileSignature.Refuse(path, kind, mapping.Format);
            if (mapping.Format == FileFormat.Xlsx) return Whole(path, file);
            if (kind == PackageKind.Gzip) return Gzip(path, file, mapping);
            return kind == PackageKind.Zip ? Zip(path, file, mapping) : Whole(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        archive?.Dispose();
        file.Dispose();
    }

    private static Package Whole(string path, FileStream file) => new(file, null, [new PackagePart(path, () => file)]);

    private static Package Gzip(string path, FileStream file, Mapping mapping) =>
        new(file, null, [new PackagePart(path, () =>
            new BoundedStream(new GZipStream(file, CompressionMode.Decompress), new UnpackLimit(path, mapping.UnpackedMiB)))]);

    private static Package Zip(string path, FileStream file, Mapping mapping)
    {
        var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var budget = new UnpackLimit(path, mapping.UnpackedMiB);
        if (archive.Entries.Count > MaxEntries)
            throw new ReplayFileException($"{path} holds {archive.Entries.Count} files; archives of at most {MaxEntries} are read.");
        var entries = archive.Entries.Where(IsContent).OrderBy(entry => entry.FullName, StringComparer.Ordinal).ToList();
        if (entries.Any(entry => entry.FullName == "[Content_Types].xml"))
            throw new ReplayFileException($"{path} is an Office document: an Excel workbook needs format: xlsx in the mapping.");
        var chosen = mapping.Entry.Length == 0
            ? entries
            : [.. entries.Where(entry => FileSystemName.MatchesSimpleExpression(mapping.Entry, entry.FullName, ignoreCase: false))];
        if (chosen.Count == 0)
        {
            var wanted = entries.Count == 0 ? "" : $" that matches entry: {mapping.Entry}; it holds {Names(entries)}";
            throw new ReplayFileException($"{path} holds no file{wanted}.");
        }

        if (chosen.Count > 1 && mapping.Entry.Length == 0)
            throw new ReplayFileException($"{path} holds several files; say which with entry in the mapping (\"*.csv\" reads all of " +
                $"those): {Names(entries)}.");
        return new(file, archive, [.. chosen.Select(entry =>
            new PackagePart($"{path}/{entry.FullName}", () =>
                new BoundedStream(new CheckedStream(entry.Open(), $"{path}/{entry.FullName}", entry.Crc32), budget)))]);
    }

    // Leaves out files that operating systems add to archives.
    private static bool IsContent(ZipArchiveEntry entry) =>
        entry.Name.Length > 0 && !entry.Name.StartsWith("._", StringComparison.Ordinal) && entry.Name != ".DS_Store"
            && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static string Names(List<ZipArchiveEntry> entries) =>
        string.Join(", ", entries.Take(NamesTold).Select(entry => $"'{entry.FullName}'")) +
            (entries.Count > NamesTold ? $" and {entries.Count - NamesTold} more" : "");
}

/// <summary>One text of a package.</summary>
/// <param name="Name">What errors call it.</param>
/// <param name="Open">Opens it, once.</param>
internal sealed record PackagePart(string Name, Func<Stream> Open);
