namespace Streaming.Pipeline.Replay;

/// <summary>What became of the rows of one file. <see cref="Rows"/> = <see cref="Sent"/> + <see cref="Duplicates"/> + <see cref="TooLarge"/> once all are read.</summary>
public sealed class ReplayCounts(string path)
{
    private readonly SortedDictionary<string, long> byKind = new(StringComparer.Ordinal);

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Rows of the file, the header not counted.</summary>
    public long Rows { get; internal set; }

    /// <summary>Rows that became events (valid ones or not).</summary>
    public long Sent { get; private set; }

    /// <summary>Rows left out because they repeat an earlier one exactly.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Rows left out because of their size.</summary>
    public long TooLarge { get; private set; }

    /// <summary>Rows sent that name no member.</summary>
    public long WithoutMember { get; private set; }

    /// <summary>Rows sent whose time lies further before the latest than the mapping allows. They count all the same.</summary>
    public long Late { get; private set; }

    /// <summary>Rows sent, by kind; the empty kind for those that no rule fits.</summary>
    public IReadOnlyDictionary<string, long> ByKind => byKind;

    internal void Skip(string reason)
    {
        if (reason == ReplayRow.DuplicateRow) Duplicates++;
        else TooLarge++;
    }

    internal void Send(in MappedRow row, bool late)
    {
        Sent++;
        if (row.Key is null) WithoutMember++;
        if (late) Late++;
        byKind[row.Kind ?? ""] = byKind.GetValueOrDefault(row.Kind ?? "") + 1;
    }
}
