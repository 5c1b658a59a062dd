using Streaming.Replay.Mappings;

namespace Streaming.Replay.Reading;

/// <summary>What a file is, by its first bytes.</summary>
internal enum PackageKind
{
    Plain, Gzip, Zip, OldOffice, SevenZip, Xz, Bzip2, Zstd, Pdf, Sqlite, Parquet,
}

/// <summary>Tells files apart by their first bytes, so that a file that is no text is never read as text.</summary>
internal static class FileSignature
{
    private static readonly (PackageKind Kind, byte[] Head, string Say)[] Known =
    [
        (PackageKind.Gzip, [0x1F, 0x8B], ""),
        (PackageKind.Zip, "PK\u0003\u0004"u8.ToArray(), ""),
        (PackageKind.Zip, "PK\u0005\u0006"u8.ToArray(), ""),
        (PackageKind.OldOffice, [0xD0, 0xCF, 0x11, 0xE0], "is an old or a password-protected Office document: save it as an Excel " +
            "workbook (.xlsx) without a password"),
        (PackageKind.SevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "is a 7z archive: unpack it first"),
        (PackageKind.Xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A], "is compressed with xz: unpack it first"),
        (PackageKind.Bzip2, "BZh"u8.ToArray(), "is compressed with bzip2: unpack it first"),
        (PackageKind.Zstd, [0x28, 0xB5, 0x2F, 0xFD], "is compressed with zstd: unpack it first"),
        (PackageKind.Pdf, "%PDF-"u8.ToArray(), "is a PDF document: export the data as CSV or as an Excel workbook"),
        (PackageKind.Sqlite, "SQLite "u8.ToArray(), "is an SQLite database: export the table as CSV"),
        (PackageKind.Parquet, "PAR1"u8.ToArray(), "is a Parquet file: export it as CSV or JSON Lines"),
    ];

    /// <summary>What begins with these bytes.</summary>
    public static PackageKind Of(ReadOnlySpan<byte> head)
    {
        foreach (var (kind, bytes, _) in Known)
        {
            if (head.StartsWith(bytes)) return kind;
        }

        return PackageKind.Plain;
    }

    /// <summary>Says what to do about a file that cannot be read in this format.</summary>
    /// <exception cref="ReplayFileException">It cannot.</exception>
    public static void Refuse(string path, PackageKind kind, FileFormat format)
    {
        var say = Known.FirstOrDefault(known => known.Kind == kind).Say;
        if (say is { Length: > 0 }) throw new ReplayFileException($"{path} {say}.");
        if (format == FileFormat.Xlsx && kind != PackageKind.Zip)
            throw new ReplayFileException($"{path} is no Excel workbook, as the mapping's format says.");
    }

    /// <summary>Refuses content that is no text, for example an archive inside an archive.</summary>
    /// <exception cref="ReplayFileException">It is something else.</exception>
    public static void RefuseWithin(string path, ReadOnlySpan<byte> head)
    {
        var kind = Of(head);
        Refuse(path, kind, FileFormat.Csv);
        if (kind is PackageKind.Zip or PackageKind.Gzip)
            throw new ReplayFileException($"{path} is {(kind == PackageKind.Zip ? "a zip archive" : "compressed with gzip")} inside of " +
                "another: unpack it once.");
    }
}
