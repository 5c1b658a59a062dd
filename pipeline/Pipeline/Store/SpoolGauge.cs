using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streaming.Pipeline.Store;

/// <summary>Keeps count of the bytes that wait on disk: commits not yet passed by all readers, and blocks not yet landed.</summary>
internal sealed class SpoolGauge
{
    private readonly ConcurrentQueue<(long Number, long Bytes)> commits = new();
    private readonly BlockOutbox blocks;
    private long bytes;

    public SpoolGauge(SqliteConnection connection, BlockOutbox blocks)
    {
        this.blocks = blocks;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT number, length(sequence) + length(outputs) FROM commits ORDER BY number";
        using var rows = command.ExecuteReader();
        while (rows.Read()) Enqueue(rows.GetInt64(0), Convert.ToInt64(rows.GetValue(1), CultureInfo.InvariantCulture));
    }

    public long Bytes => Interlocked.Read(ref bytes) + blocks.Waiting.Bytes;

    public void Committed(CommitRecord record)
    {
        Enqueue(record.Number, record.Sequence.Length + record.Outputs.Length);
        Passed(record.Progress);
    }

    public void Passed(Progress progress)
    {
        var all = Math.Min(progress.Settled, Math.Min(progress.Sent, progress.Formed));
        while (commits.TryPeek(out var oldest) && oldest.Number <= all && commits.TryDequeue(out oldest)) Interlocked.Add(ref bytes, -oldest.Bytes);
    }

    private void Enqueue(long number, long size)
    {
        commits.Enqueue((number, size));
        Interlocked.Add(ref bytes, size);
    }
}
