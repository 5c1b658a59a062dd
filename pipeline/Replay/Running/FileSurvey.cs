using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Writing;

namespace Streaming.Replay.Running;

/// <summary>The result of reading a whole file once.</summary>
/// <param name="Repeats">Rows that repeat an earlier one exactly.</param>
/// <param name="Order">How its times follow each other.</param>
/// <param name="Content">A hash of all rows in their order.</param>
internal sealed record FileSurvey(RowSet Repeats, TimeOrder Order, ulong Content)
{
    private const int RowsPerReport = 10_000;

    /// <summary>Looks through a file.</summary>
    /// <exception cref="ReplayFileException">It cannot be read to its end.</exception>
    public static FileSurvey Of(ReplayFile file, ReplayLimits limits, long latest, Action<double> progress)
    {
        using var rows = FileRows.Open(file, RowMapper.ColumnsOf(file.Mapping));
        using var found = new DuplicateFinder(limits.SpillDirectory, limits.RowsInMemory);
        using var mapper = new RowMapper(file.Mapping);
        var order = new TimeOrder(file.Mapping.Disorder);
        var content = 0UL;
        while (rows.Read())
        {
            content = unchecked((content * 0x9E3779B97F4A7C15) + found.Add(rows.Row.Values));
            if (rows.Row.Fault is null && mapper.TimeOf(rows.Row) is { } at && at <= latest) order.Next(at, rows.Row.Line);
            if (found.Rows % RowsPerReport == 0) progress(rows.Progress);
        }

        rows.CheckColumns();
        return new FileSurvey(found.Find(), order, content);
    }
}
