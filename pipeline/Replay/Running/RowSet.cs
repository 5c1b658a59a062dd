namespace Streaming.Replay.Running;

/// <summary>Some of a file's rows, one bit for each row there is. Not thread-safe.</summary>
/// <param name="rows">Rows of the file.</param>
internal sealed class RowSet(long rows)
{
    private readonly ulong[] bits = new ulong[(rows / 64) + 1];

    /// <summary>Rows of the file.</summary>
    public long Rows => rows;

    /// <summary>Adds a row (from 1).</summary>
    public void Add(long row) => bits[row / 64] |= 1UL << (int)(row % 64);

    /// <summary>True for a row that was put in.</summary>
    public bool Contains(long row) => (bits[row / 64] & (1UL << (int)(row % 64))) != 0;
}
