using System.Globalization;

namespace Streaming.Pipeline.Replay;

/// <summary>The row a file stands at: its values by the names of their columns. Reused from row to row.</summary>
internal sealed class CsvRow(IReadOnlyDictionary<string, int> columns, IReadOnlySet<string> empty, string fileName)
{
    private string[] values = [];

    /// <summary>Number of the row in its file, from 1, the header not counted.</summary>
    public long Number { get; private set; }

    /// <summary>The number as text.</summary>
    public string NumberText => Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Name of the file up to its first dot.</summary>
    public string FileName => fileName;

    /// <summary>A column's value; empty where the row has none, or one that means none.</summary>
    public string this[string column]
    {
        get
        {
            var index = columns[column];
            if (index >= values.Length) return "";
            var value = values[index];
            return empty.Contains(value) ? "" : value;
        }
    }

    /// <summary>Every value as it stands in the file.</summary>
    public ReadOnlySpan<string> Values => values;

    /// <summary>Moves on to another row.</summary>
    public void MoveTo(string[] to)
    {
        values = to;
        Number++;
    }
}
