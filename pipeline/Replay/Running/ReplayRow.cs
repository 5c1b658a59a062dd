using Streaming.Members.Events;
using Streaming.Replay.Reading;

namespace Streaming.Replay.Running;

/// <summary>One row of a file, ready to be sent, or counted and left out.</summary>
/// <param name="File">Which file, by its place in the list given.</param>
/// <param name="Row">Number of the row, from 1; of the first line of an order.</param>
/// <param name="Topic">The topic the event belongs to.</param>
/// <param name="Key">The record's key: the member; null when the row names none (the decoder then rejects the event by reason).</param>
/// <param name="Value">One JSON object; empty when the row is left out.</param>
/// <param name="At">Data time, epoch milliseconds. A row whose own time cannot be read,
/// or lies in the future, has the latest time before it.</param>
/// <param name="Skipped">Why the row is not sent (<see cref="DuplicateRow"/>, <see cref="TooLarge"/>, <see cref="TooManyColumns"/>,
/// not-json, not-object, duplicate-key), or null.</param>
public readonly record struct ReplayRow(int File, long Row, Topic Topic, byte[]? Key, byte[] Value, long At, string? Skipped)
{
    /// <summary>The row repeats an earlier row of its file exactly.</summary>
    public const string DuplicateRow = "duplicate-row";

    /// <summary>The event would be larger than <see cref="MaxValueBytes"/>, which a broker would refuse.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The row has values in more columns than the file has.</summary>
    public const string TooManyColumns = FileRows.TooManyColumns;

    /// <summary>The largest event sent: half of a broker's usual limit.</summary>
    public const int MaxValueBytes = 512 * 1024;

    /// <summary>The record's timestamp for a data time: 0 would mean "now" to a client.</summary>
    public static long TimestampOf(long at) => Math.Max(1, at);

    /// <summary>One sentence for a reason of <see cref="Skipped"/>.</summary>
    internal static string Sentence(string reason) => reason switch
    {
        DuplicateRow => "The row repeats an earlier row of its file exactly; duplicates: keep takes such rows.",
        TooManyColumns => "The row has values in more columns than the file has: a delimiter stands in a text without quotes.",
        TooLarge => $"The event would be larger than {MaxValueBytes} bytes, the most that a replay sends.",
        "duplicate-key" => "The line has two names with the same path (such as a.b and b inside a), so which value counts would be a guess.",
        _ => "The line is not one JSON object.",
    };
}
