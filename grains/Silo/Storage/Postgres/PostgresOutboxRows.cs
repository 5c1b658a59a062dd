using Npgsql;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>What PostgreSQL keeps of one outbox. Changes are made only while the lease's token is the newest. Thread-safe.</summary>
internal sealed class PostgresOutboxRows(NpgsqlDataSource source, OutboxLease lease, ParkedSettings? limits) : IOutboxRows
{
    private readonly PostgresParkedItems parked = new(source, lease.Writer, limits);
    private const int Page = 64;
    private const string Held = "EXISTS (SELECT FROM outboxes WHERE writer = $1 AND token = $2)";

    /// <inheritdoc/>
    public IParkedItems Parked => parked;

    /// <inheritdoc/>
    public IEnumerable<StoredOutputs> OutputsAfter(long number)
    {
        while (true)
        {
            var page = PostgresErrors.Guard(() =>
            {
                using var command = source.CreateCommand("SELECT number, outputs FROM commits WHERE writer = $1 AND number > $2 ORDER BY " +
                    "number LIMIT $3");
                Add(command, lease.Writer, number, Page);
                using var rows = command.ExecuteReader();
                var some = new List<StoredOutputs>();
                while (rows.Read()) some.Add(new StoredOutputs(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
                return some;
            });
            foreach (var commit in page) yield return commit;
            if (page.Count < Page) yield break;
            number = page[^1].Number;
        }
    }

    /// <inheritdoc/>
    public byte[]? Outputs(long number) =>
        Scalar("SELECT outputs FROM commits WHERE writer = $1 AND number = $2", lease.Writer, number) as byte[];

    /// <inheritdoc/>
    public byte[]? Block(string table, long number) =>
        Scalar($"SELECT bytes FROM blocks WHERE writer = $1 AND target = $3 AND number = $4 AND {Held}", lease.Writer, lease.Token, table,
            number) as byte[];

    /// <inheritdoc/>
    public void Passed(Progress progress) => Scalar(
        """
        WITH moved AS (UPDATE outboxes SET sent = greatest(sent, $3), formed = greatest(formed, $4) WHERE writer = $1 AND token = $2 RETURNING least(sent, formed) AS passed)
        DELETE FROM commits USING moved WHERE writer = $1 AND number <= passed
        """,
        lease.Writer, lease.Token, progress.Sent, progress.Formed);

    /// <inheritdoc/>
    public void Delivered(string table, long upTo) =>
        Scalar($"DELETE FROM blocks WHERE writer = $1 AND target = $3 AND number <= $4 AND {Held}", lease.Writer, lease.Token, table, upTo);

    /// <inheritdoc/>
    public int Park(string table, long number, string reason)
    {
        Scalar(
            $"""
            WITH refused AS (DELETE FROM blocks WHERE writer = $1 AND target = $3 AND number = $4 AND {Held} RETURNING bytes)
            INSERT INTO parked (writer, kind, target, reason, bytes) SELECT $1, $5, $3, $6, bytes FROM refused
            """,
            lease.Writer, lease.Token, table, number, ParkedItem.Block, reason);
        return parked.MakeRoom();
    }

    private object? Scalar(string sql, params object[] values) => PostgresErrors.Guard(() =>
    {
        using var command = source.CreateCommand(sql);
        Add(command, values);
        return command.ExecuteScalar();
    });

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
    }
}
