using Streaming.Pipeline.Decode;

namespace Streaming.Pipeline.Replay;

/// <summary>Reads CSV files as events in the order of their times. Not thread-safe.</summary>
/// <remarks>
/// A file is read twice: once to find exact duplicates over all of it, once for its rows. Within a file rows keep their order; several
/// files are merged by the latest time each has come to, so a file that is mostly sorted stays in step. Ids come from the rows alone:
/// reading again gives the same events. What lies in the future was not recorded: such a row leaves with the data time reached, and is
/// rejected as <c>at-in-future</c> instead of taking the data's clock with it.
/// </remarks>
public sealed class CsvReplay
{
    private readonly IReadOnlyList<ReplayFile> files;
    private readonly RowSet[] repeats;
    private readonly ReplayCounts[] counts;
    private readonly long latest;

    private CsvReplay(IReadOnlyList<ReplayFile> files, TimeProvider time)
    {
        this.files = files;
        latest = time.GetUtcNow().ToUnixTimeMilliseconds() + Timestamps.MaxAhead;
        repeats = new RowSet[files.Count];
        counts = [.. files.Select(file => new ReplayCounts(file.Path))];
    }

    /// <summary>Counts per file; complete when <see cref="Read"/> has ended, their <see cref="ReplayCounts.Rows"/> from the start.</summary>
    public IReadOnlyList<ReplayCounts> Counts => counts;

    /// <summary>Rows of all files.</summary>
    public long Rows => counts.Sum(count => count.Rows);

    /// <summary>Opens files and reads each once, to count its rows and find its duplicates.</summary>
    /// <param name="files">The files with their mappings.</param>
    /// <param name="spillDirectory">For sorted runs of files of more than <paramref name="rowsInMemory"/> rows; made when needed.</param>
    /// <param name="progress">Told from 0 to 1 as this goes on; null for nobody.</param>
    /// <param name="rowsInMemory">Rows per file kept in memory, 24 bytes each.</param>
    /// <param name="time">Says what the future is; null for the system's clock.</param>
    /// <exception cref="ReplayFileException">A file cannot be read, or lacks columns its mapping names.</exception>
    public static CsvReplay Open(
        IReadOnlyList<ReplayFile> files, string spillDirectory, IProgress<double>? progress = null, int rowsInMemory = DuplicateFinder.DefaultInMemory, TimeProvider? time = null)
    {
        var replay = new CsvReplay(files, time ?? TimeProvider.System);
        for (var i = 0; i < files.Count; i++)
        {
            using var rows = CsvRows.Open(files[i]);
            using var found = new DuplicateFinder(spillDirectory, rowsInMemory);
            while (rows.Read())
            {
                found.Add(rows.Row.Values);
                if (found.Rows % 10_000 == 0) progress?.Report((i + rows.Progress) / files.Count);
            }

            replay.repeats[i] = found.Find();
            replay.counts[i].Rows = found.Rows;
        }

        return replay;
    }

    /// <summary>Every row of every file. Read it once: it keeps the counts.</summary>
    /// <exception cref="ReplayFileException">A file has changed or is damaged.</exception>
    public IEnumerable<ReplayRow> Read()
    {
        var heads = new List<(IEnumerator<ReplayRow> Rows, long Clock)>();
        try
        {
            for (var i = 0; i < files.Count; i++)
            {
                var rows = ReadFile(i).GetEnumerator();
                if (rows.MoveNext()) heads.Add((rows, rows.Current.At));
                else rows.Dispose();
            }

            while (heads.Count > 0)
            {
                var next = 0;
                for (var i = 1; i < heads.Count; i++)
                {
                    if (heads[i].Clock < heads[next].Clock) next = i;
                }

                var (rows, clock) = heads[next];
                yield return rows.Current;
                if (rows.MoveNext())
                {
                    heads[next] = (rows, Math.Max(clock, rows.Current.At));
                }
                else
                {
                    rows.Dispose();
                    heads.RemoveAt(next);
                }
            }
        }
        finally
        {
            foreach (var (rows, _) in heads) rows.Dispose();
        }
    }

    private IEnumerable<ReplayRow> ReadFile(int index)
    {
        var mapping = files[index].Mapping;
        using var mapper = new RowMapper(mapping);
        var repeated = repeats[index];
        using var rows = CsvRows.Open(files[index]);
        long? clock = null;
        while (rows.Read())
        {
            var number = rows.Row.Number;
            if (number > repeated.Rows) throw new ReplayFileException($"{files[index].Path} has grown while it was read; replay it when nobody writes to it.");
            if (repeated.Contains(number))
            {
                yield return Skip(ReplayRow.DuplicateRow, clock ?? 0);
                continue;
            }

            var mapped = mapper.Map(rows.Row);
            var at = mapped.At <= latest ? mapped.At.Value : clock ?? 0;
            if (mapped.Value.Length > ReplayRow.MaxValueBytes)
            {
                yield return Skip(ReplayRow.TooLarge, at);
                continue;
            }

            counts[index].Send(mapped, late: clock - at > mapping.Disorder);
            clock = Math.Max(clock ?? at, at);
            yield return new ReplayRow(index, number, mapping.Topic, mapped.Key, mapped.Value, at, null);
        }

        ReplayRow Skip(string reason, long at)
        {
            counts[index].Skip(reason);
            return new ReplayRow(index, rows.Row.Number, mapping.Topic, null, [], at, reason);
        }
    }
}
