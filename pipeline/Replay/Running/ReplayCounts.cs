using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Replay.Writing;

namespace Streaming.Replay.Running;

/// <summary>Counts of what happened to the rows of one file. <see cref="Rows"/> = <see cref="Sent"/> + <see cref="Joined"/> + all of
/// <see cref="LeftOut"/> once all are read.</summary>
public sealed class ReplayCounts(string path)
{
    private readonly SortedDictionary<string, long> byKind = new(StringComparer.Ordinal), leftOut = new(StringComparer.Ordinal),
        rejected = new(StringComparer.Ordinal);

    private long read;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Rows of the file, the header not counted.</summary>
    public long Rows { get; internal set; }

    /// <summary>Rows read so far. Any thread may ask.</summary>
    public long Read { get => Interlocked.Read(ref read); internal set => Interlocked.Exchange(ref read, value); }

    /// <summary>Events sent (valid ones or not).</summary>
    public long Sent { get; private set; }

    /// <summary>Rows that are further lines of an order.</summary>
    public long Joined { get; internal set; }

    /// <summary>Rows left out because they repeat an earlier one exactly.</summary>
    public long Duplicates => leftOut.GetValueOrDefault(ReplayRow.DuplicateRow);

    /// <summary>Rows left out because of their size.</summary>
    public long TooLarge => leftOut.GetValueOrDefault(ReplayRow.TooLarge);

    /// <summary>Events sent that name no member.</summary>
    public long WithoutMember { get; private set; }

    /// <summary>Events sent whose time lies further before the latest than the mapping allows. They are applied all the same.</summary>
    public long Late { get; internal set; }

    /// <summary>Events sent, by kind; the empty kind for those that no rule fits.</summary>
    public IReadOnlyDictionary<string, long> ByKind => byKind;

    /// <summary>Rows left out, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut => leftOut;

    /// <summary>Events sent that the decoder refuses, by reason.</summary>
    public IReadOnlyDictionary<string, long> Rejected => rejected;

    internal void Skip(string reason) => Add(leftOut, reason);

    internal void Send(in MappedRow row, RejectReason verdict)
    {
        Sent++;
        if (row.Key is null) WithoutMember++;
        Add(byKind, row.Kind ?? "");
        if (verdict != RejectReason.None) Add(rejected, RejectReasons.Name(verdict));
    }

    private static void Add(SortedDictionary<string, long> to, string name) => to[name] = to.GetValueOrDefault(name) + 1;
}
