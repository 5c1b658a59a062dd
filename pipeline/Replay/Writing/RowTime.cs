using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;

namespace Streaming.Replay.Writing;

/// <summary>Reads the time of a row from its columns.</summary>
internal sealed class RowTime(TimeColumn settings)
{
    private readonly TimeFormat format = new(settings);
    private readonly IReadOnlyList<string> columns = settings.All;

    /// <summary>Epoch milliseconds, or null with what the row has instead.</summary>
    public long? Read(Row row, out string text)
    {
        text = columns.Count == 1 ? row[columns[0]] : string.Join(' ',
            columns.Select(column => row[column].Trim()).Where(value => value.Length > 0));
        return format.TryRead(text, out var at, row.DaysSince1904) ? at : null;
    }
}
