using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;
using Streaming.Members;

namespace Streaming.Stores.Sqlite;

/// <summary>Writes commits with statements compiled once. Used under the store's lock.</summary>
internal sealed class CommitWriter : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Journal journal, blocks;
    private readonly PreparedStatement commit, insertJournaled, snapshot, state, position, block, number, head, trim, deleteJournaled;
    private readonly List<SnapshotRow> inOrder = [];

    /// <param name="connection">The writing connection.</param>
    /// <param name="journal">For large commits.</param>
    /// <param name="blocks">For large blocks.</param>
    public CommitWriter(SqliteConnection connection, Journal journal, Journal blocks)
    {
        this.connection = connection;
        this.journal = journal;
        this.blocks = blocks;
        commit = new(connection, "INSERT INTO commits (number, sequence, outputs) VALUES (?1, ?2, ?3)");
        insertJournaled = new(connection,
            "INSERT INTO journaled (number, file, start, sequence, outputs, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        snapshot = new(connection, "INSERT INTO members (id, number, due, rules, state) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO " +
            "UPDATE SET number = excluded.number, due = excluded.due, rules = excluded.rules, state = excluded.state");
        // Changing the index by due time is the most expensive part of a snapshot: it writes a page for the old entry and one for the new.
        state = new(connection, "UPDATE members SET number = ?2, rules = ?4, state = ?5 WHERE id = ?1");
        position = new(connection, "INSERT INTO positions (topic, partition, topic_id, next) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (topic, " +
            "partition) DO UPDATE SET topic_id = excluded.topic_id, next = excluded.next");
        block = new(connection, "INSERT INTO blocks (target, number, rows, bytes, file, start, size, sum) VALUES (?1, ?2, ?3, ?4, ?5, " +
            "?6, ?7, ?8)");
        number = new(connection, "INSERT INTO block_numbers (target, number) VALUES (?1, ?2) ON CONFLICT (target) DO UPDATE SET number = " +
            "excluded.number");
        head = new(connection, "UPDATE head SET number = max(number, ?1), now = max(now, ?2), settled = ?3, sent = ?4, formed = ?5");
        trim = new(connection, "DELETE FROM commits WHERE number <= ?1");
        deleteJournaled = new(connection, "DELETE FROM journaled WHERE number <= ?1");
    }

    /// <summary>Writes a commit. Large commits and blocks are written to the journals and synced before the rows that name them.</summary>
    public void Write(CommitRecord record)
    {
        var large = record.Sequence.Length + record.Outputs.Length >= Journal.Threshold;
        var (file, start) = large ? journal.Append([record.Sequence, record.Outputs]) : default;
        var apart = record.Blocks.Where(IsLarge).Select(b => (ReadOnlyMemory<byte>)b.Bytes).ToList();
        var (blocksFile, next) = apart.Count > 0 ? blocks.Append(apart) : default;
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            commit.Bind(1, record.Number).Bind(2, large ? default : record.Sequence.Span).Bind(3, large ? default : record.Outputs.Span)
                .Run();
            if (large)
            {
                insertJournaled.Bind(1, record.Number).Bind(2, file).Bind(3, start).Bind(4, record.Sequence.Length).Bind(5,
                    record.Outputs.Length)
                    .Bind(6, Journal.Sum(record.Outputs.Span, Journal.Sum(record.Sequence.Span))).Run();
            }

            foreach (var p in record.Positions) position.Bind(1, p.Topic).Bind(2, p.Partition).Bind(3, p.TopicId).Bind(4, p.Next).Run();
            foreach (var b in record.Blocks) next = Write(b, blocksFile, next);
            Finish(transaction, record.Number, record.Now, record.Snapshots, record.Progress);
        }

        if (large) journal.Committed(record.Number, start + record.Sequence.Length + record.Outputs.Length);
        if (apart.Count > 0) blocks.Committed(blocksFile, next);
        journal.Trim(Passed(record.Progress));
    }

    /// <summary>True for a block whose bytes are kept in a journal, not in its row.</summary>
    public static bool IsLarge(FormedBlock block) => block.Bytes.Length >= Journal.Threshold;

    public void WriteSnapshots(IReadOnlyList<SnapshotRow> snapshots, Progress progress)
    {
        using (var transaction = connection.BeginTransaction(deferred: false)) Finish(transaction, 0, 0, snapshots, progress);
        journal.Trim(Passed(progress));
    }

    public void Dispose()
    {
        foreach (var statement in new[] { commit, insertJournaled, snapshot, state, position, block, number, head, trim, deleteJournaled })
        {
            statement.Dispose();
        }
    }

    /// <summary>A block's row.</summary>
    /// <param name="formed">The block.</param>
    /// <param name="file">The journal's file that has its bytes, when it is large.</param>
    /// <param name="start">Where they begin there.</param>
    /// <returns>Where those of the next large one begin.</returns>
    private long Write(FormedBlock formed, long file, long start)
    {
        number.Bind(1, formed.Table).Bind(2, formed.Number).Run();
        block.Bind(1, formed.Table).Bind(2, formed.Number).Bind(3, formed.Rows);
        if (!IsLarge(formed))
        {
            block.Bind(4, formed.Bytes).BindNull(5).BindNull(6).BindNull(7).BindNull(8).Run();
            return start;
        }

        block.Bind(4, ReadOnlySpan<byte>.Empty).Bind(5, file).Bind(6, start).Bind(7, formed.Bytes.Length).Bind(8, Journal.Sum(formed.Bytes))
            .Run();
        return start + formed.Bytes.Length;
    }

    private void Finish(SqliteTransaction transaction, long commitNumber, long now, IReadOnlyList<SnapshotRow> snapshots, Progress progress)
    {
        // Sorted by id, so that each page of the table is visited once.
        inOrder.Clear();
        inOrder.AddRange(snapshots);
        inOrder.Sort(static (a, b) => a.Id.Span.SequenceCompareTo(b.Id.Span));
        foreach (var s in inOrder)
        {
            var statement = s.Standing ? state : snapshot;
            statement.Bind(1, s.Id.Span).Bind(2, s.Commit).Bind(4, unchecked((long)s.Rules)).Bind(5, s.State.Span);
            if (s.Standing) state.Run();
            else if (s.Wake == Member.Never) snapshot.BindNull(3).Run();
            else snapshot.Bind(3, s.Wake).Run();
        }

        head.Bind(1, commitNumber).Bind(2, now).Bind(3, progress.Settled).Bind(4, progress.Sent).Bind(5, progress.Formed).Run();
        trim.Bind(1, Passed(progress)).Run();
        deleteJournaled.Bind(1, Passed(progress)).Run();
        transaction.Commit();
    }

    /// <summary>The last commit nobody needs any more.</summary>
    private static long Passed(Progress progress) => Math.Min(progress.Settled, Math.Min(progress.Sent, progress.Formed));
}
