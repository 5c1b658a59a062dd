using Npgsql;
using NpgsqlTypes;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Members;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>One commit as one round trip: Each statement has an expected row count; with fewer rows the commit is refused.</summary>
/// <remarks>
/// Rows are locked in one order everywhere (outbox, partitions, members, positions, each by key), so that two silos that meet do not
/// deadlock. The outbox comes first: whoever then asks how it stands waits until this transaction has ended.
/// </remarks>
internal sealed class CommitStatements : IAsyncDisposable
{
    private readonly List<(NpgsqlBatchCommand Command, ulong Rows, string Refused)> expected = [];
    private readonly NpgsqlBatch batch;

    public CommitStatements(NpgsqlConnection connection, NpgsqlTransaction transaction, SiloCommit commit)
    {
        batch = new NpgsqlBatch(connection, transaction);
        AddOutbox(commit);
        if (commit.Fences.Count > 0) AddFences(commit.Fences);
        AddMembers(commit.Members);
        AddPositions(commit.Positions);
        if (commit.Blocks.Count > 0) AddBlocks(commit.Lease.Writer, commit.Blocks);
        AddOutputs(commit);
    }

    /// <summary>Runs it; null when everything was as expected, else why nothing of it may land.</summary>
    public async Task<string?> RunAsync(CancellationToken cancel)
    {
        await batch.ExecuteNonQueryAsync(cancel);
        foreach (var (command, rows, refused) in expected)
        {
            if (command.Rows != rows) return refused;
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => batch.DisposeAsync();

    private void AddOutbox(SiloCommit commit) => Add(
        """
        UPDATE outboxes SET number = $3, last = $4, sent = greatest(sent, $5), formed = greatest(formed, $6)
        WHERE writer = $1 AND token = $2 AND number = $3 - 1
        """,
        1, $"commit {commit.Number} does not follow the last of outbox {commit.Lease.Writer}",
        Value(commit.Lease.Writer), Value(commit.Lease.Token), Value(commit.Number), Value(commit.Id), Value(commit.Progress.Sent),
            Value(commit.Progress.Formed));

    private void AddFences(IReadOnlyList<Fence> fences)
    {
        var sorted = fences.OrderBy(f => f.TopicId, StringComparer.Ordinal).ThenBy(f => f.Partition).ToList();

        // An assignment locks the row for itself; recording progress does not get in the way of this lock, nor does another commit.
        Add(
            """
            SELECT 1 FROM partitions p JOIN unnest($1, $2, $3) f (topic_id, partition, generation) USING (topic_id, partition, generation)
            ORDER BY p.topic_id, p.partition FOR KEY SHARE OF p
            """,
            (ulong)sorted.Count, "a partition has a newer assignment",
            Array(sorted.Select(f => f.TopicId), NpgsqlDbType.Text), Array(sorted.Select(f => f.Partition), NpgsqlDbType.Integer),
                Array(sorted.Select(f => f.Generation), NpgsqlDbType.Bigint));
    }

    private void AddMembers(IReadOnlyList<MemberRecord> members)
    {
        var sorted = members.OrderBy(m => m.Bucket).ThenBy(m => m.Id, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ToList();
        Write("INSERT INTO members (bucket, id, version, due, rules, state) SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON " +
            "CONFLICT DO NOTHING", [.. sorted.Where(m => m.Version == 1)]);
        Write(
            """
            UPDATE members m SET version = u.version, due = u.due, rules = u.rules, state = u.state
            FROM unnest($1, $2, $3, $4, $5, $6) u (bucket, id, version, due, rules, state)
            WHERE m.bucket = u.bucket AND m.id = u.id AND m.version = u.version - 1
            """,
            [.. sorted.Where(m => m.Version != 1)]);

        void Write(string sql, List<MemberRecord> some)
        {
            if (some.Count == 0) return;
            Add(
                sql, (ulong)some.Count, "a member was changed by another silo",
                Array(some.Select(m => m.Bucket), NpgsqlDbType.Integer), Array(some.Select(m => m.Id), NpgsqlDbType.Bytea),
                    Array(some.Select(m => m.Version), NpgsqlDbType.Bigint),
                Array(some.Select(m => m.Due == Member.Never ? (long?)null : m.Due), NpgsqlDbType.Bigint),
                    Array(some.Select(m => unchecked((long)m.Rules)), NpgsqlDbType.Bigint),
                Array(some.Select(m => m.State), NpgsqlDbType.Bytea));
        }
    }

    private void AddPositions(IReadOnlyList<BucketPosition> positions)
    {
        var sorted = positions.OrderBy(p => p.TopicId, StringComparer.Ordinal).ThenBy(p => p.Partition).ThenBy(p => p.Bucket).ToList();
        Write("INSERT INTO positions (topic_id, partition, bucket, next) SELECT t, p, b, n FROM unnest($1, $2, $3, $4, $5) u (t, p, b, " +
            "f, n) WHERE f = 0 ON CONFLICT DO NOTHING", [.. sorted.Where(p => p.From == 0)]);
        Write(
            """
            UPDATE positions p SET next = u.next FROM unnest($1, $2, $3, $4, $5) u (topic_id, partition, bucket, was, next)
            WHERE p.topic_id = u.topic_id AND p.partition = u.partition AND p.bucket = u.bucket AND p.next = u.was
            """,
            [.. sorted.Where(p => p.From != 0)]);

        void Write(string sql, List<BucketPosition> some)
        {
            if (some.Count == 0) return;
            Add(
                sql, (ulong)some.Count, "a bucket was moved on by another silo",
                Array(some.Select(p => p.TopicId), NpgsqlDbType.Text), Array(some.Select(p => p.Partition), NpgsqlDbType.Integer),
                    Array(some.Select(p => p.Bucket), NpgsqlDbType.Integer),
                Array(some.Select(p => p.From), NpgsqlDbType.Bigint), Array(some.Select(p => p.Next), NpgsqlDbType.Bigint));
        }
    }

    private void AddBlocks(string writer, IReadOnlyList<FormedBlock> blocks)
    {
        Add(
            "INSERT INTO blocks (writer, target, number, rows, bytes) SELECT $1, t, n, r, b FROM unnest($2, $3, $4, $5) u (t, n, r, b) " +
            "ON CONFLICT DO NOTHING",
            (ulong)blocks.Count, "a block's number is taken",
            Value(writer), Array(blocks.Select(b => b.Table), NpgsqlDbType.Text), Array(blocks.Select(b => b.Number), NpgsqlDbType.Bigint),
            Array(blocks.Select(b => b.Rows), NpgsqlDbType.Integer), Array(blocks.Select(b => b.Bytes), NpgsqlDbType.Bytea));
        Add(
            """
            INSERT INTO block_numbers AS b (writer, target, number) SELECT $1, t, max(n) FROM unnest($2, $3) u (t, n) GROUP BY t
            ON CONFLICT (writer, target) DO UPDATE SET number = excluded.number WHERE b.number < excluded.number
            """,
            (ulong)blocks.DistinctBy(b => b.Table).Count(), "a block's number is taken",
            Value(writer), Array(blocks.Select(b => b.Table), NpgsqlDbType.Text), Array(blocks.Select(b => b.Number), NpgsqlDbType.Bigint));
    }

    private void AddOutputs(SiloCommit commit)
    {
        Add(
            "INSERT INTO commits (writer, number, outputs) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            1, "its number is taken",
            Value(commit.Lease.Writer), Value(commit.Number), new NpgsqlParameter { Value = commit.Outputs,
                NpgsqlDbType = NpgsqlDbType.Bytea });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM commits WHERE writer = $1 AND number <= $2")
        {
            Parameters = { Value(commit.Lease.Writer), Value(Math.Min(commit.Progress.Sent, commit.Progress.Formed)) },
        });
    }

    private void Add(string sql, ulong rows, string refused, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        expected.Add((command, rows, refused));
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values, NpgsqlDbType of) =>
        new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | of };
}
