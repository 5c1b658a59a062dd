using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using ExcelDataReader;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Reading;

/// <summary>Rows of one sheet of an Excel workbook, as texts.</summary>
/// <remarks>
/// Numbers are written with up to 15 digits, as Excel keeps them. A cell that is formatted as a date, a time or both is
/// <c>2024-02-01</c>, <c>10:20:30</c> or <c>2024-02-01T10:20:30</c>. A formula is its last result.
/// </remarks>
internal sealed class WorkbookRecords : IRecords
{
    /// <summary>The largest size of a workbook once unpacked: its texts are kept in memory.</summary>
    public const long MaxMiB = 2048;

    private const long MaxTextsMiB = 256;
    private readonly string name;
    private readonly IExcelDataReader reader;

    // ExcelDataReader needs a Windows code page even before it reads the file.
    static WorkbookRecords() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Opens a sheet.</summary>
    /// <exception cref="ReplayFileException">The workbook is damaged, too large, or has no such sheet.</exception>
    public WorkbookRecords(string name, Stream file, Mapping mapping)
    {
        this.name = name;
        Measure(file, Math.Min(mapping.UnpackedMiB, MaxMiB));
        reader = Guard(() => ExcelReaderFactory.CreateOpenXmlReader(file));
        try
        {
            FindSheet(mapping.Sheet);
            for (var i = 0; i < mapping.SkipRows; i++) Guard(reader.Read);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string[] Values { get; private set; } = [];

    /// <inheritdoc/>
    public long Line { get; private set; }

    /// <inheritdoc/>
    public string? Fault => null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int>? Columns => null;

    /// <summary>True when the workbook's days count from 1904, as in workbooks of old Mac versions of Excel. Cells that are formatted as
    /// dates come as
    /// dates all the same.</summary>
    public bool DaysSince1904 { get; private set; }

    /// <inheritdoc/>
    public bool Read()
    {
        while (Guard(reader.Read))
        {
            Values = Guard(TakeRow);
            if (Values.Length == 0) continue;
            Line = reader.Depth + 1;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private void FindSheet(string sheet)
    {
        var names = new List<string>();
        do
        {
            if (sheet.Length == 0 || reader.Name == sheet) return;
            names.Add($"'{reader.Name}'");
        }
        while (Guard(reader.NextResult));

        throw new ReplayFileException($"{name} has no sheet '{sheet}'; it has {string.Join(", ", names)}.");
    }

    // The values up to the last that is not empty; none for a blank row.
    private string[] TakeRow()
    {
        var count = reader.FieldCount;
        while (count > 0 && Text(count - 1).Length == 0) count--;
        var values = new string[count];
        for (var i = 0; i < count; i++) values[i] = Text(i);
        return values;
    }

    private string Text(int column) => reader.GetValue(column) switch
    {
        null => "",
        string text => text,
        double number => Number(number),
        DateTime date => Date(date, reader.GetNumberFormatString(column) ?? ""),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Number(double number) =>
        Math.Abs(number) is 0 or (>= 1e-10 and < 1e15) ? ((decimal)number)
            .ToString(CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);

    private static string Date(DateTime date, string format)
    {
        if (date.Year < 1900) return date.ToString("HH:mm:ss.FFF", CultureInfo.InvariantCulture);
        var hasTime = date.TimeOfDay != TimeSpan.Zero || format.Contains('h', StringComparison.OrdinalIgnoreCase);
        return date.ToString(hasTime ? "yyyy-MM-ddTHH:mm:ss.FFF" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    // Before anything is unpacked: ZipArchive never returns more bytes of an entry than the size it declares, so the declared sizes can be
    // trusted as a limit.
    private void Measure(Stream file, long limit)
    {
        using (var archive = Guard(() => new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true)))
        {
            var entries = Guard(() => archive.Entries);
            if (entries.Count > Package.MaxEntries)
                throw new ReplayFileException($"{name} is no Excel workbook: it holds {entries.Count} files.");
            var total = entries.Sum(entry => entry.Length >> 10);
            if (total >> 10 > limit)
                throw new ReplayFileException($"{name} is larger than {limit} MiB once unpacked: save the sheet as CSV.");
            var texts = entries.Where(entry => entry.Name is "sharedStrings.xml" or "styles.xml" or "workbook.xml")
                .Sum(entry => entry.Length >> 20);
            if (texts > MaxTextsMiB)
                throw new ReplayFileException($"{name} holds more than {MaxTextsMiB} MiB of different texts: save the sheet as CSV.");
            foreach (var entry in entries) Guard(() => Verified(entry));
            DaysSince1904 = entries.FirstOrDefault(entry => entry.Name == "workbook.xml") is { } workbook
                && Guard(() => Says1904(workbook));
        }

        file.Position = 0;
    }

    private bool Verified(ZipArchiveEntry entry)
    {
        CheckedStream.Check(entry.Open(), name, entry.Crc32);
        return true;
    }

    private static bool Says1904(ZipArchiveEntry workbook)
    {
        using var xml = XmlReader.Create(workbook.Open(), new XmlReaderSettings { CloseInput = true });
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "workbookPr" })
                return xml.GetAttribute("date1904") is "1" or "true" or "on";
        }

        return false;
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // a damaged workbook makes its reader fail in ways it does not document; all of them mean the same
        catch (Exception e) when (e is not (ReplayFileException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            throw new ReplayFileException($"{name} is no Excel workbook, or is damaged after row {Line}: " +
                $"{e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
