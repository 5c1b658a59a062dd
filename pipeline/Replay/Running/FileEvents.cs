using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Values;
using Streaming.Replay.Writing;

namespace Streaming.Replay.Running;

/// <summary>The rows of one file as events, in the order of the file. Not thread-safe; read once.</summary>
internal sealed class FileEvents : IDisposable
{
    private readonly int index;
    private readonly ReplayFile file;
    private readonly Mapping mapping;
    private readonly RowSet repeats;
    private readonly RowLedger ledger;
    private readonly RowJudge judge;
    private readonly long latest;
    private readonly RowMapper mapper;
    private readonly LineGroups groups;
    private long clock, last;

    /// <summary>The events of a file.</summary>
    /// <param name="index">Its place in the list given.</param>
    /// <param name="file">The file.</param>
    /// <param name="repeats">Its rows that repeat an earlier one exactly.</param>
    /// <param name="ledger">Keeps account of the rows.</param>
    /// <param name="judge">Says what the pipeline will say of an event.</param>
    /// <param name="latest">What lies after this moment was not recorded, epoch milliseconds.</param>
    public FileEvents(int index, ReplayFile file, RowSet repeats, RowLedger ledger, RowJudge judge, long latest)
    {
        this.index = index;
        this.file = file;
        mapping = file.Mapping;
        this.repeats = repeats;
        this.ledger = ledger;
        this.judge = judge;
        this.latest = latest;
        mapper = new RowMapper(mapping);
        groups = new LineGroups(mapping.Lines, new Filters(new NumberReader(mapping.Numbers)));
    }

    /// <summary>Every event, and every row that is left out.</summary>
    public IEnumerable<ReplayRow> Read()
    {
        using var rows = FileRows.Open(file, RowMapper.ColumnsOf(file.Mapping));
        while (rows.Read())
        {
            var row = rows.Row;
            ledger.Read();
            if (row.Number > repeats.Rows)
            {
                throw new ReplayFileException($"{file.Path} has more rows than at its first reading: another program writes to it. Start " +
                    "the replay again when the file is complete.");
            }
            if (LeftOut(row) is { } reason)
            {
                ledger.Skip(row, reason);
                yield return new ReplayRow(index, row.Number, mapping.Topic, null, [], Near, reason);
                continue;
            }

            if (groups.TryJoin(row))
            {
                ledger.Join();
                continue;
            }

            if (groups.Rows.Count > 0) yield return Finish();
            groups.Begin(row);
            if (mapping.Lines is null) yield return Finish();
        }

        if (groups.Rows.Count > 0) yield return Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => mapper.Dispose();

    // A row without a readable time takes the time of the row before it when the file is sorted, else the latest time so far.
    private long Near => mapping.Sort ? last : clock;

    private string? LeftOut(Row row)
    {
        if (row.Fault is { } fault) return fault;
        return mapping.Duplicates == DuplicateRows.Drop && repeats.Contains(row.Number) ? ReplayRow.DuplicateRow : null;
    }

    private ReplayRow Finish()
    {
        var row = groups.Rows[0];
        var mapped = mapper.Map(groups.Rows, repeats.Contains(row.Number));
        groups.Clear();
        if (mapped.At is { } own && own <= latest)
        {
            last = own;
            clock = Math.Max(clock, own);
        }

        var at = mapped.At <= latest ? mapped.At.Value : Near;
        if (mapped.Value.Length > ReplayRow.MaxValueBytes)
        {
            ledger.Skip(row, ReplayRow.TooLarge);
            return new ReplayRow(index, row.Number, mapping.Topic, null, [], at, ReplayRow.TooLarge);
        }

        ledger.Send(row, mapped, judge.Judge(mapped, at), judge.Field);
        return new ReplayRow(index, row.Number, mapping.Topic, mapped.Key, mapped.Value, at, null);
    }
}
