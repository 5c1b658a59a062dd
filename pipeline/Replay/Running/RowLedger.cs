using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Replay.Reading;
using Streaming.Replay.Writing;

namespace Streaming.Replay.Running;

/// <summary>Keeps account of what becomes of the rows of one file: counts all of them, and lists those that come to nothing.</summary>
/// <param name="path">The file.</param>
/// <param name="counts">Its counts.</param>
/// <param name="rejected">Takes the rows that come to nothing; null for nobody.</param>
internal sealed class RowLedger(string path, ReplayCounts counts, RejectedRows? rejected)
{
    /// <summary>A row was read.</summary>
    public void Read() => counts.Read++;

    /// <summary>A row is a further line of an order.</summary>
    public void Join() => counts.Joined++;

    /// <summary>A row is left out.</summary>
    /// <param name="row">The row.</param>
    /// <param name="reason">As in <see cref="ReplayRow.Skipped"/>.</param>
    public void Skip(Row row, string reason)
    {
        counts.Skip(reason);
        rejected?.Add(path, row, reason, "", ReplayRow.Sentence(reason));
    }

    /// <summary>A row is sent.</summary>
    /// <param name="row">Its first line.</param>
    /// <param name="mapped">Its event.</param>
    /// <param name="verdict">What the decoder says of that.</param>
    /// <param name="field">The field at fault.</param>
    public void Send(Row row, in MappedRow mapped, RejectReason verdict, string field)
    {
        counts.Send(mapped, verdict);
        if (verdict != RejectReason.None) rejected?.Add(path, row, RejectReasons.Name(verdict), field, Sentence(verdict));
    }

    // Whoever reads it has the file and the mapping before them, not the event.
    private static string Sentence(RejectReason verdict) => verdict switch
    {
        RejectReason.AtInvalid => "The time does not fit what the mapping says under at.",
        RejectReason.KindMissing => "No rule under kinds in the mapping fits the row.",
        _ => RejectReasons.Sentence(verdict),
    };
}
