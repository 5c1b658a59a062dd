using Streaming.Members.Events;

namespace Streaming.Pipeline.Replay;

/// <summary>A file to replay and how its rows become events.</summary>
public sealed record ReplayFile(string Path, Mapping Mapping);

/// <summary>One row of a file, ready to be sent, or counted and left out.</summary>
/// <param name="File">Which file, by its place in the list given.</param>
/// <param name="Row">Number of the row, from 1.</param>
/// <param name="Topic">The topic the event belongs to.</param>
/// <param name="Key">The record's key: the member; null when the row names none (the decoder then rejects the event by reason).</param>
/// <param name="Value">One JSON object; empty when the row is left out.</param>
/// <param name="At">Data time, epoch milliseconds. A row whose own time cannot be read, or lies in the future, has the latest time before it.</param>
/// <param name="Skipped">Why the row is not sent (<see cref="DuplicateRow"/>, <see cref="TooLarge"/>), or null.</param>
public readonly record struct ReplayRow(int File, long Row, Topic Topic, byte[]? Key, byte[] Value, long At, string? Skipped)
{
    /// <summary>The row repeats an earlier row of its file exactly.</summary>
    public const string DuplicateRow = "duplicate-row";

    /// <summary>The event would be larger than <see cref="MaxValueBytes"/>, which a broker would refuse.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The largest event sent: half of a broker's usual limit.</summary>
    public const int MaxValueBytes = 512 * 1024;
}
