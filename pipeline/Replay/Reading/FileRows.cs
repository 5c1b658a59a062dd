using Streaming.Common.Escaping;
using Streaming.Replay.Mappings;

namespace Streaming.Replay.Reading;

/// <summary>Reads the rows of a file, packed or not, one at a time. Not thread-safe.</summary>
internal sealed class FileRows : IDisposable
{
    /// <summary>Why a row is left out that has values in more columns than the file has.</summary>
    public const string TooManyColumns = "too-many-columns";

    private readonly string path;
    private readonly Mapping mapping;
    private readonly Package package;
    private readonly string[] needed;
    private readonly string fileName;
    private readonly HashSet<string> empty;
    private readonly Func<bool> readNext;
    private readonly Dictionary<string, int> jsonColumns = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, int> columns = new Dictionary<string, int>();
    private IRecords? records;
    private int part;
    private long number;
    private int width = int.MaxValue;

    private FileRows(ReplayFile replay, IEnumerable<string> columns, Package package)
    {
        path = replay.Path;
        mapping = replay.Mapping;
        this.package = package;
        needed = [.. columns.Distinct()];
        fileName = System.IO.Path.GetFileName(path).Split('.')[0];
        readNext = ReadNext;
        empty = mapping.Empty.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The row last read.</summary>
    public Row Row { get; private set; } = null!;

    /// <summary>How far into the file reading has come, 0 to 1: for a progress bar.</summary>
    public double Progress => package.Progress;

    /// <summary>Opens a file and finds the columns in it.</summary>
    /// <param name="replay">The file.</param>
    /// <param name="columns">Every column that is read.</param>
    /// <exception cref="ReplayFileException">It cannot be read, or lacks columns (all are named).</exception>
    public static FileRows Open(ReplayFile replay, IEnumerable<string> columns) => Guard(replay.Path, 0, () =>
    {
        var rows = new FileRows(replay, columns, Package.Open(replay.Path, replay.Mapping));
        try
        {
            rows.NextPart();
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    });

    /// <summary>Moves to the next row; false after the last.</summary>
    /// <exception cref="ReplayFileException">The file is damaged, or its text is not what the mapping says.</exception>
    public bool Read() => Guard(path, number, readNext);

    /// <summary>After the last row of a file whose records name their columns themselves: checks that every column of the mapping
    /// occurred.</summary>
    /// <exception cref="ReplayFileException">Some never did.</exception>
    public void CheckColumns()
    {
        if (mapping.Format == FileFormat.JsonLines && number > 0) RequireColumns(path, jsonColumns.Keys);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        records?.Dispose();
        package.Dispose();
    }

    private bool ReadNext()
    {
        while (records is not null)
        {
            if (records.Read())
            {
                Row = new Row(columns, empty, fileName, records.Values, ++number, records.Line)
                {
                    Fault = records.Fault ?? TooWide(records.Values),
                    DaysSince1904 = records is WorkbookRecords { DaysSince1904: true },
                };
                return true;
            }

            NextPart();
        }

        return false;
    }

    private static T Guard<T>(string path, long row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ReplayFileException($"{path} cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        catch (InvalidDataException e)
        {
            throw new ReplayFileException($"{path} is damaged after row {row}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    // A delimiter inside an unquoted text shifts every value after it, so no value of such a row can be trusted.
    private string? TooWide(string[] values)
    {
        for (var i = width; i < values.Length; i++)
        {
            if (values[i].Length > 0) return TooManyColumns;
        }

        return null;
    }

    private void NextPart()
    {
        records?.Dispose();
        records = null;
        if (part == package.Parts.Count) return;
        var next = package.Parts[part++];
        records = OpenRecords(next);
        if (records.Columns is { } named)
        {
            columns = named;
            return;
        }

        FindColumns(next.Name, records);
    }

    private IRecords OpenRecords(PackagePart of)
    {
        if (mapping.Format == FileFormat.Xlsx) return new WorkbookRecords(of.Name, of.Open(), mapping);
        var text = new TextSource(of.Name, of.Open(), mapping.Encoding);
        if (!text.SkipLines(mapping.SkipRows))
            throw new ReplayFileException($"{of.Name} has no more than {mapping.SkipRows} lines, which skipRows passes over.");
        return mapping.Format == FileFormat.JsonLines
            ? new JsonRecords(of.Name, text, mapping.SkipRows, jsonColumns)
            : new CsvRecords(of.Name, text, mapping);
    }

    private void FindColumns(string name, IRecords from)
    {
        var names = mapping.Columns;
        if (names.Count == 0)
            names = from.Read() ? [.. from.Values.Select(text => text.Trim())] : throw new ReplayFileException($"{name} is empty; it " +
                "has no header line.");
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length > 0 && !found.TryAdd(names[i], i))
                throw new ReplayFileException($"{name} has the column '{Short(names[i])}' twice, as number {found[names[i]] + 1} and " +
                    $"{i + 1}: skip its header with skipRows and list the columns in the mapping.");
        }

        RequireColumns(name, found.Keys);
        columns = found;
        width = names.Count;
    }

    private void RequireColumns(string name, IEnumerable<string> there)
    {
        var missing = needed.Except(there).ToArray();
        if (missing.Length == 0) return;
        throw new ReplayFileException($"{name} has no column {string.Join(", ", missing.Select(column => $"'{column}'"))}; it has " +
            $"{Listed(there)}.");
    }

    private static string Listed(IEnumerable<string> names)
    {
        const int Most = 50;
        var told = names.Take(Most + 1).Select(name => $"'{Short(name)}'").ToArray();
        if (told.Length == 0) return "none";
        return told.Length <= Most ? string.Join(", ", told) : string.Join(", ", told[..Most]) + " and more";
    }

    // A header may be as long as the file.
    private static string Short(string text)
    {
        const int Longest = 60;
        return text.Length <= Longest ? TerminalText.Of(text) : TerminalText.Of(text[..Longest]) + "…";
    }
}
