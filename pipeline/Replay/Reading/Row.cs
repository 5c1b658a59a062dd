using System.Globalization;

namespace Streaming.Replay.Reading;

/// <summary>One row of a file: its values by the names of their columns.</summary>
/// <param name="columns">Place of each column; of a file of JSON it grows while the file is read.</param>
/// <param name="empty">Values that mean none.</param>
/// <param name="fileName">Name of the file up to its first dot.</param>
/// <param name="values">Every value as it stands in the file.</param>
/// <param name="number">Number of the row in its file, from 1, the header not counted.</param>
/// <param name="line">Line of the file the row begins on, from 1; in a workbook the sheet's row.</param>
internal sealed class Row(IReadOnlyDictionary<string, int> columns, IReadOnlySet<string> empty, string fileName, string[] values,
    long number, long line)
{
    /// <summary>Number of the row.</summary>
    public long Number => number;

    /// <summary>The number as text.</summary>
    public string NumberText => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Line the row begins on.</summary>
    public long Line => line;

    /// <summary>Name of the file up to its first dot.</summary>
    public string FileName => fileName;

    /// <summary>Every value as it stands in the file.</summary>
    public string[] Values => values;

    /// <summary>Why the row cannot be used, by the name of a reason; null for a usable one.</summary>
    public string? Fault { get; init; }

    /// <summary>True in a workbook whose days count from 1904: so do its numbers that are times.</summary>
    public bool DaysSince1904 { get; init; }

    /// <summary>Every value that is not empty, by its column; of a record with a fault the text as a whole.</summary>
    public IEnumerable<(string Column, string Value)> Named()
    {
        if (Fault is not null && values.Length == 1 && columns.Count != 1) return [("text", values[0])];
        return columns.Where(column => column.Value < values.Length && values[column.Value].Length > 0)
            .Select(column => (column.Key, values[column.Value]));
    }

    /// <summary>A column's value; empty where the row has none, or one that means none.</summary>
    public string this[string column]
    {
        get
        {
            if (!columns.TryGetValue(column, out var index) || index >= values.Length) return "";
            var value = values[index];
            return empty.Contains(value) ? "" : value;
        }
    }
}
