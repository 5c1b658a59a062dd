using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using CsvHelper.Configuration;

namespace Streaming.Pipeline.Replay;

/// <summary>Reads the rows of a CSV file, compressed with gzip or not, one at a time.</summary>
internal sealed class CsvRows : IDisposable
{
    /// <summary>Characters of one field; a quote that is never closed ends here instead of taking in the rest of the file.</summary>
    public const int MaxField = 1024 * 1024;

    private readonly string path;
    private readonly FileStream file;
    private readonly CsvParser parser;

    private CsvRows(string path, Mapping mapping)
    {
        this.path = path;
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        parser = new CsvParser(new StreamReader(gzip ? new GZipStream(file, CompressionMode.Decompress) : file), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = mapping.Delimiter,
            HasHeaderRecord = mapping.Columns.Count == 0,
            MaxFieldSize = MaxField,
            BadDataFound = null, // a stray quote is data; what it leads to is judged field by field
            BufferSize = 1 << 15,
        });
    }

    /// <summary>The row last read.</summary>
    public CsvRow Row { get; private set; } = null!;

    /// <summary>How far into the file reading has come, 0 to 1: for a progress bar.</summary>
    public double Progress => file.Length == 0 ? 1 : (double)file.Position / file.Length;

    /// <summary>Opens a file and finds the mapping's columns in it.</summary>
    /// <exception cref="ReplayFileException">It cannot be read, or lacks columns (all are named).</exception>
    public static CsvRows Open(ReplayFile replay)
    {
        try
        {
            var rows = new CsvRows(replay.Path, replay.Mapping);
            try
            {
                rows.FindColumns(replay.Mapping);
                return rows;
            }
            catch
            {
                rows.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplayFileException($"{replay.Path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    /// <exception cref="ReplayFileException">The file is damaged.</exception>
    public bool Read()
    {
        if (!ReadRecord()) return false;
        Row.MoveTo(parser.Record!);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        parser.Dispose();
        file.Dispose();
    }

    private bool ReadRecord()
    {
        try
        {
            return parser.Read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new ReplayFileException($"{path} is damaged after row {Row?.Number ?? 0}: {e.Message}", e);
        }
        catch (MaxFieldSizeException e)
        {
            throw new ReplayFileException($"{path} has a field of more than {MaxField} characters after row {Row?.Number ?? 0}: is a quote never closed, or the delimiter another?", e);
        }
    }

    private void FindColumns(Mapping mapping)
    {
        var names = mapping.Columns;
        if (names.Count == 0) names = ReadRecord() ? parser.Record! : throw new ReplayFileException($"{path} is empty: not even a header line.");
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++) columns.TryAdd(names[i], i);
        var missing = RowMapper.ColumnsOf(mapping).Distinct().Where(name => !columns.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw new ReplayFileException($"{path} has no column {string.Join(", ", missing.Select(name => $"'{name}'"))}; it has {string.Join(", ", names.Select(name => $"'{name}'"))}.");
        }

        Row = new CsvRow(columns, mapping.Empty.ToHashSet(StringComparer.Ordinal), System.IO.Path.GetFileName(path).Split('.')[0]);
    }
}
