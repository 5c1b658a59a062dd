using Microsoft.Data.Sqlite;
using Streaming.Members;

namespace Streaming.Pipeline.Store;

/// <summary>Writes commits with statements prepared once. Used under the store's lock.</summary>
internal sealed class CommitWriter : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand commit, snapshot, position, block, number, head, trim;

    public CommitWriter(SqliteConnection connection)
    {
        this.connection = connection;
        commit = Prepare("INSERT INTO commits (number, sequence, outputs) VALUES ($0, $1, $2)", 3);
        snapshot = Prepare("INSERT INTO members (id, number, due, rules, state) VALUES ($0, $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET number = excluded.number, due = excluded.due, rules = excluded.rules, state = excluded.state", 5);
        position = Prepare("INSERT INTO positions (topic, partition, topic_id, next) VALUES ($0, $1, $2, $3) ON CONFLICT (topic, partition) DO UPDATE SET topic_id = excluded.topic_id, next = excluded.next", 4);
        block = Prepare("INSERT INTO blocks (target, number, rows, bytes) VALUES ($0, $1, $2, $3)", 4);
        number = Prepare("INSERT INTO block_numbers (target, number) VALUES ($0, $1) ON CONFLICT (target) DO UPDATE SET number = excluded.number", 2);
        head = Prepare("UPDATE head SET number = max(number, $0), now = max(now, $1), settled = $2, sent = $3, formed = $4", 5);
        trim = Prepare("DELETE FROM commits WHERE number <= $0", 1);
    }

    public void Write(CommitRecord record)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        Run(transaction, commit, record.Number, Blob(record.Sequence), Blob(record.Outputs));
        foreach (var p in record.Positions) Run(transaction, position, p.Topic, p.Partition, p.TopicId, p.Next);
        foreach (var b in record.Blocks)
        {
            Run(transaction, block, b.Table, b.Number, b.Rows, b.Bytes);
            Run(transaction, number, b.Table, b.Number);
        }

        Finish(transaction, record.Number, record.Now, record.Snapshots, record.Progress);
    }

    public void WriteSnapshots(IReadOnlyList<SnapshotRow> snapshots, Progress progress)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        Finish(transaction, 0, 0, snapshots, progress);
    }

    public void Dispose()
    {
        foreach (var command in new[] { commit, snapshot, position, block, number, head, trim }) command.Dispose();
    }

    private void Finish(SqliteTransaction transaction, long commitNumber, long now, IReadOnlyList<SnapshotRow> snapshots, Progress progress)
    {
        foreach (var s in snapshots) Run(transaction, snapshot, s.Id, s.Commit, s.Due == Member.Never ? DBNull.Value : s.Due, unchecked((long)s.Rules), s.State);
        Run(transaction, head, commitNumber, now, progress.Settled, progress.Sent, progress.Formed);
        Run(transaction, trim, Math.Min(progress.Settled, Math.Min(progress.Sent, progress.Formed)));
        transaction.Commit();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (char)('0' + i) });
        return command;
    }

    private static void Run(SqliteTransaction transaction, SqliteCommand command, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private static byte[] Blob(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
