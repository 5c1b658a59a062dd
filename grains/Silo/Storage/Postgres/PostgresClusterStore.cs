using Npgsql;
using NpgsqlTypes;
using Streaming.Grains.Storage;
using Streaming.Members;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>The cluster's truth in PostgreSQL: one transaction per silo and group of inputs. Thread-safe.</summary>
/// <param name="source">Connections; the schema is there.</param>
/// <param name="buckets">How many buckets members are in.</param>
public sealed class PostgresClusterStore(NpgsqlDataSource source, int buckets) : IClusterStore
{
    /// <inheritdoc/>
    public Task CommitAsync(SiloCommit commit, CancellationToken cancel) => PostgresErrors.Guard(async () =>
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        string? refused;
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await using var batch = new CommitStatements(connection, transaction, commit);
            refused = await batch.RunAsync(cancel);
            if (refused is null)
            {
                await transaction.CommitAsync(cancel);
                return;
            }

            await transaction.RollbackAsync(cancel);
        }

        await using var asked = new NpgsqlCommand("SELECT token, number, last FROM outboxes WHERE writer = $1",
            connection) { Parameters = { new() { Value = commit.Lease.Writer } } };
        await using var row = await asked.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel) || row.GetInt64(0) != commit.Lease.Token) throw new LeaseLostException(commit.Lease);
        // an earlier attempt landed, its answer was lost
        if (row.GetInt64(1) == commit.Number && !row.IsDBNull(2) && row.GetGuid(2) == commit.Id) return;
        throw new FencedException($"A commit was refused as a whole: {refused}.");
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<MemberRecord>> ReadAsync(IReadOnlyList<byte[]> ids, CancellationToken cancel) =>
        PostgresErrors.Guard(async () =>
    {
        await using var command = source.CreateCommand("SELECT m.id, m.bucket, m.version, m.due, m.rules, m.state FROM members m JOIN " +
            "unnest($1, $2) u (bucket, id) USING (bucket, id)");
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. ids.Select(id => Bucket.Of(id, buckets))] });
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. ids],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var found = new List<MemberRecord>(ids.Count);
        while (await rows.ReadAsync(cancel))
        {
            found.Add(new MemberRecord(
                rows.GetFieldValue<byte[]>(0), rows.GetInt32(1), rows.GetInt64(2), rows.IsDBNull(3) ? Member.Never : rows.GetInt64(3),
                    unchecked((ulong)rows.GetInt64(4)), rows.GetFieldValue<byte[]>(5)));
        }

        return (IReadOnlyList<MemberRecord>)found;
    });

    /// <inheritdoc/>
    public Task<Assignment> AssignAsync(string topic, int partition, string topicId, CancellationToken cancel) =>
        PostgresErrors.Guard(async () =>
    {
        // "FOR UPDATE" waits for commits under the older generation, and those that come later see the new one.
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new($"INSERT INTO partitions VALUES ($1, $2, $3, 0, 0, {long.MinValue}) ON CONFLICT DO NOTHING") { Parameters =
                { new() { Value = topicId }, new() { Value = partition }, new() { Value = topic } } },
                new("SELECT 1 FROM partitions WHERE topic_id = $1 AND partition = $2 FOR UPDATE") { Parameters =
                { new() { Value = topicId }, new() { Value = partition } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancel);
        await using var raise = new NpgsqlCommand("UPDATE partitions SET generation = generation + 1 WHERE topic_id = $1 AND partition = " +
            "$2 RETURNING generation, next", connection, transaction)
        {
            Parameters = { new() { Value = topicId }, new() { Value = partition } },
        };
        Assignment assignment;
        await using (var row = await raise.ExecuteReaderAsync(cancel))
        {
            await row.ReadAsync(cancel);
            assignment = new Assignment(row.GetInt64(0), row.GetInt64(1));
        }

        await transaction.CommitAsync(cancel);
        return assignment;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<int, long>> PositionsAsync(string topicId, int partition, CancellationToken cancel) =>
        PostgresErrors.Guard(async () =>
    {
        await using var command = source.CreateCommand("SELECT bucket, next FROM positions WHERE topic_id = $1 AND partition = $2");
        command.Parameters.Add(new() { Value = topicId });
        command.Parameters.Add(new() { Value = partition });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var positions = new Dictionary<int, long>();
        while (await rows.ReadAsync(cancel)) positions[rows.GetInt32(0)] = rows.GetInt64(1);
        return (IReadOnlyDictionary<int, long>)positions;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<PartitionProgress>> ProgressAsync(IReadOnlyList<PartitionProgress> progress, CancellationToken cancel) =>
        PostgresErrors.Guard(async () =>
    {
        var sorted = progress.OrderBy(p => p.TopicId, StringComparer.Ordinal).ThenBy(p => p.Partition).ToList();
        await using var command = source.CreateCommand(
            """
            UPDATE partitions p SET next = greatest(p.next, u.next), proven = greatest(p.proven, u.proven)
            FROM unnest($1, $2, $3, $4, $5) u (topic_id, partition, generation, next, proven)
            WHERE p.topic_id = u.topic_id AND p.partition = u.partition AND p.generation = u.generation RETURNING p.topic_id, p.partition
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. sorted.Select(p => p.TopicId)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. sorted.Select(p => p.Partition)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sorted.Select(p => p.Generation)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sorted.Select(p => p.Next)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sorted.Select(p => p.Proven)] });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var recorded = new HashSet<InputPartition>();
        while (await rows.ReadAsync(cancel)) recorded.Add(new InputPartition(rows.GetString(0), rows.GetInt32(1)));
        return (IReadOnlyList<PartitionProgress>)[.. progress.Where(p => !recorded.Contains(new InputPartition(p.TopicId, p.Partition)))];
    });

    /// <inheritdoc/>
    public Task<long> ProvenAsync(IReadOnlyCollection<InputPartition> inputs, CancellationToken cancel) => PostgresErrors.Guard(async () =>
    {
        await using var command = source.CreateCommand(
            $"SELECT coalesce(min(coalesce(p.proven, {long.MinValue})), {long.MinValue}) FROM unnest($1, $2) u (topic_id, partition) " +
                $"LEFT JOIN partitions p USING (topic_id, partition)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. inputs.Select(p => p.TopicId)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. inputs.Select(p => p.Partition)] });
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> DueAsync(int bucket, long upTo, int most, CancellationToken cancel) =>
        IdsOfAsync("SELECT id FROM members WHERE bucket = $1 AND due <= $2 ORDER BY due LIMIT $3", cancel, bucket, upTo, most);

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> NotSettledUnderAsync(int bucket, ulong rules, byte[] after, int most, CancellationToken cancel) =>
        IdsOfAsync("SELECT id FROM members WHERE bucket = $1 AND id > $2 AND rules <> $3 ORDER BY id LIMIT $4", cancel, bucket, after,
            unchecked((long)rules), most);

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]>> IdsAsync(int bucket, byte[] after, int most, CancellationToken cancel) =>
        IdsOfAsync("SELECT id FROM members WHERE bucket = $1 AND id > $2 ORDER BY id LIMIT $3", cancel, bucket, after, most);

    private Task<IReadOnlyList<byte[]>> IdsOfAsync(string sql, CancellationToken cancel, params object[] values) =>
        PostgresErrors.Guard(async () =>
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var ids = new List<byte[]>();
        while (await rows.ReadAsync(cancel)) ids.Add(rows.GetFieldValue<byte[]>(0));
        return (IReadOnlyList<byte[]>)ids;
    });
}
