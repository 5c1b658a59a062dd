using System.Security.Cryptography;
using System.Text.Json;
using Streaming.Contract.Decoding;
using Streaming.Members.Rules;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;

namespace Streaming.Replay.Running;

/// <summary>Reads files as events in the order of their times. Not thread-safe, but for <see cref="RowsRead"/>.</summary>
/// <remarks>
/// A file is read twice: once to look at all of it (exact duplicates, order of times), once for its rows. Within a file rows keep their
/// order unless the mapping sorts them; several files are merged by the latest time each has come to, so a file that is mostly sorted stays
/// in step. Ids come from the rows alone: reading again gives the same events. A row whose time lies in the future gets the data time
/// reached so far and is rejected as <c>at-in-future</c>, so that it does not move the data's clock.
/// </remarks>
public sealed class FileReplay
{
    private readonly IReadOnlyList<ReplayFile> files;
    private readonly FileSurvey[] surveys;
    private readonly ReplayCounts[] counts;
    private readonly ReplayLimits limits;
    private readonly long latest;

    private FileReplay(IReadOnlyList<ReplayFile> files, FileSurvey[] surveys, ReplayLimits limits, long latest)
    {
        this.files = files;
        this.surveys = surveys;
        this.limits = limits;
        this.latest = latest;
        counts = [.. files.Select((file, i) => new ReplayCounts(file.Path) { Rows = surveys[i].Repeats.Rows })];
    }

    /// <summary>Counts per file; complete when <see cref="Read"/> has ended, their
    /// <see cref="ReplayCounts.Rows"/> from the start.</summary>
    public IReadOnlyList<ReplayCounts> Counts => counts;

    /// <summary>Rows of all files.</summary>
    public long Rows => counts.Sum(count => count.Rows);

    /// <summary>Rows that <see cref="Read"/> has come to. Any thread may ask.</summary>
    public long RowsRead => counts.Sum(count => count.Read);

    /// <summary>How the times of each file follow each other.</summary>
    public IReadOnlyList<TimeOrder> Orders => [.. surveys.Select(survey => survey.Order)];

    /// <summary>A hash of all rows and mappings. It is the same for the same content, wherever the files lie.</summary>
    public string Fingerprint
    {
        get
        {
            var said = files.Select((file, i) =>
                $"{JsonSerializer.Serialize(file.Mapping)}\n{surveys[i].Repeats.Rows}\n{surveys[i].Content:x16}\n");
            return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Concat(said))));
        }
    }

    /// <summary>Opens files and reads each once, to count its rows, find its duplicates
    /// and see whether it is in the order of time.</summary>
    /// <param name="files">The files with their mappings.</param>
    /// <param name="spillDirectory">For what does not fit into memory; made when needed, files in it are gone after the replay.</param>
    /// <param name="progress">Receives the progress from 0 to 1; null for none.</param>
    /// <param name="limits">What is kept in memory; null for the defaults.</param>
    /// <param name="time">The clock that decides what lies in the future; null for the system's.</param>
    /// <exception cref="ReplayFileException">A file cannot be read, or is not what its mapping says.</exception>
    public static FileReplay Open(
        IReadOnlyList<ReplayFile> files, string spillDirectory, IProgress<double>? progress = null, ReplayLimits? limits = null,
            TimeProvider? time = null)
    {
        var latest = (time ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds() + Timestamps.MaxAheadMs;
        var bounds = (limits ?? new ReplayLimits()) with { SpillDirectory = spillDirectory };
        var surveys = new FileSurvey[files.Count];
        for (var i = 0; i < files.Count; i++)
        {
            var done = i;
            surveys[i] = FileSurvey.Of(files[i], bounds, latest, share => progress?.Report((done + share) / files.Count));
        }

        progress?.Report(1);
        return new FileReplay(files, surveys, bounds, latest);
    }

    /// <summary>Every row of every file. Read it once: it keeps the counts.</summary>
    /// <param name="rejected">Receives the rejected rows; null to drop them.</param>
    /// <param name="earliest">The earliest time that the rules take, epoch milliseconds.</param>
    /// <exception cref="ReplayFileException">A file has changed or is damaged.</exception>
    public IEnumerable<ReplayRow> Read(RejectedRows? rejected = null, long earliest = InputRules.Year2000)
    {
        var heads = new List<(IEnumerator<ReplayRow> Rows, long Clock)>();
        try
        {
            for (var i = 0; i < files.Count; i++)
            {
                var rows = ReadFile(i, rejected, earliest).GetEnumerator();
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
            rejected?.Flush();
        }
    }

    private IEnumerable<ReplayRow> ReadFile(int index, RejectedRows? rejected, long earliest)
    {
        var mapping = files[index].Mapping;
        var ledger = new RowLedger(files[index].Path, counts[index], rejected);
        var judge = new RowJudge(mapping.Topic, earliest);
        using var events = new FileEvents(index, files[index], surveys[index].Repeats, ledger, judge, latest);
        using var sorted = mapping.Sort ? new SortedEvents(limits) : null;
        long? clock = null;
        foreach (var row in sorted?.Of(events.Read()) ?? events.Read())
        {
            if (row.Skipped is null)
            {
                if (clock - row.At > mapping.Disorder) counts[index].Late++;
                clock = Math.Max(clock ?? row.At, row.At);
            }

            yield return row;
        }
    }
}

/// <summary>What a replay keeps in memory before it goes to disk.</summary>
public sealed record ReplayLimits
{
    /// <summary>Rows per file whose repeats are looked for in memory, 24 bytes each. Default 1,000,000.</summary>
    public int RowsInMemory { get; init; } = 1_000_000;

    /// <summary>Bytes of events per file that are sorted in memory. Default 64 MiB.</summary>
    public long SortBytes { get; init; } = 64 << 20;

    /// <summary>Directory for rows and events that do not fit into memory.</summary>
    internal string SpillDirectory { get; init; } = "";
}
