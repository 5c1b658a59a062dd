using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;
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
    private readonly ReplayCounts counts;
    private readonly RejectedRows? rejected;
    private readonly Action rowRead;
    private readonly long latest, earliest;
    private readonly RowMapper mapper;
    private readonly LineGroups groups;
    private readonly EventDecoder decoder = new();
    private readonly MemberEvent decoded = new();
    private byte[] record = new byte[1024];
    private long clock, last;

    public FileEvents(int index, ReplayFile file, RowSet repeats, ReplayCounts counts, long latest, long earliest, RejectedRows? rejected,
        Action rowRead)
    {
        this.index = index;
        this.file = file;
        mapping = file.Mapping;
        this.repeats = repeats;
        this.counts = counts;
        this.latest = latest;
        this.earliest = earliest;
        this.rejected = rejected;
        this.rowRead = rowRead;
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
            rowRead();
            if (row.Number > repeats.Rows)
                throw new ReplayFileException($"{file.Path} has grown while it was read; replay it when nobody writes to it.");
            if (LeftOut(row) is { } reason)
            {
                counts.Skip(reason);
                rejected?.Add(file.Path, row, reason, "", ReplayRow.Sentence(reason));
                yield return new ReplayRow(index, row.Number, mapping.Topic, null, [], Near, reason);
                continue;
            }

            if (groups.TryJoin(row))
            {
                counts.Joined++;
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

    // A row without a time of its own goes where the file stands: with its neighbours when they are sorted, else at the latest time before
    // it.
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
            counts.Skip(ReplayRow.TooLarge);
            rejected?.Add(file.Path, row, ReplayRow.TooLarge, "", ReplayRow.Sentence(ReplayRow.TooLarge));
            return new ReplayRow(index, row.Number, mapping.Topic, null, [], at, ReplayRow.TooLarge);
        }

        var verdict = Judge(mapped, at);
        counts.Send(mapped, verdict);
        if (verdict != RejectReason.None)
            rejected?.Add(file.Path, row, RejectReasons.Name(verdict), decoder.LastField, Sentence(verdict));
        return new ReplayRow(index, row.Number, mapping.Topic, mapped.Key, mapped.Value, at, null);
    }

    // Whoever reads it has the file and the mapping before them, not the event.
    private static string Sentence(RejectReason verdict) => verdict switch
    {
        RejectReason.AtInvalid => "The time does not fit what the mapping says under at.",
        RejectReason.KindMissing => "No rule under kinds in the mapping fits the row.",
        _ => RejectReasons.Sentence(verdict),
    };

    // The pipeline's own decoder on the bytes that are sent: what it says here is what it will say there.
    private RejectReason Judge(in MappedRow mapped, long at)
    {
        var keyLength = mapped.Key?.Length ?? 0;
        var size = keyLength + mapped.Value.Length;
        if (record.Length < size) record = new byte[size * 2];
        mapped.Key?.CopyTo(record, 0);
        mapped.Value.CopyTo(record, keyLength);
        return decoder.Decode(new InputRecord(mapping.Topic, 0, 0, ReplayRow.TimestampOf(at), record, 0,
            mapped.Key is null ? -1 : keyLength, keyLength, mapped.Value.Length, 0, 0), decoded, earliest);
    }
}
