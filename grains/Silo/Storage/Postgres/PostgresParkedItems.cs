using Npgsql;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>The parked table behind <see cref="IParkedItems"/>. Thread-safe.</summary>
/// <param name="source">Connections.</param>
/// <param name="writer">The outbox whose items these are; null for all outboxes, then nothing can be added.</param>
/// <param name="limits">How much of one outbox is kept; null for the defaults.</param>
public sealed class PostgresParkedItems(NpgsqlDataSource source, string? writer, ParkedSettings? limits = null) : IParkedItems
{
    private readonly ParkedSettings limits = limits ?? new ParkedSettings();
    private const string Mine = "($1::text IS NULL OR writer = $1)";

    /// <inheritdoc/>
    public long Count => (long)Scalar($"SELECT count(*) FROM parked WHERE {Mine} AND NOT redrive")!;

    /// <inheritdoc/>
    public int Add(string kind, string target, string reason, byte[] bytes)
    {
        Scalar("INSERT INTO parked (writer, kind, target, reason, bytes) VALUES ($1, $2, $3, $4, $5)", kind, target, reason, bytes);
        return MakeRoom();
    }

    /// <summary>Forgets the oldest beyond the bounds; says how many.</summary>
    internal int MakeRoom() => (int)(long)Scalar(
        """
        WITH gone AS (DELETE FROM parked WHERE id IN (
            SELECT id FROM (SELECT id, row_number() OVER newest AS place, sum(length(bytes)) OVER newest AS size FROM parked WHERE writer = $1 WINDOW newest AS (ORDER BY id DESC)) p
            WHERE place > $2 OR (size > $3 AND place > 1)) RETURNING id)
        SELECT count(*) FROM gone
        """,
        (long)limits.Items, (long)limits.MiB << 20)!;

    /// <inheritdoc/>
    public IReadOnlyList<ParkedItem> List(int most, long after = 0) =>
        Read($"SELECT {ParkedRows.Columns} FROM parked WHERE {Mine} AND NOT redrive AND id > $3 ORDER BY id LIMIT $2", most, after);

    /// <inheritdoc/>
    public IReadOnlyList<ParkedItem> ToRedrive(string kind) =>
        Read($"SELECT {ParkedRows.Columns} FROM parked WHERE {Mine} AND redrive AND kind = $2 ORDER BY id", kind);

    /// <inheritdoc/>
    public bool Redrive(long id) => Scalar($"UPDATE parked SET redrive = true WHERE {Mine} AND id = $2 RETURNING id", id) is not null;

    /// <inheritdoc/>
    public bool Remove(long id) => Scalar($"DELETE FROM parked WHERE {Mine} AND id = $2 RETURNING id", id) is not null;

    private object? Scalar(string sql, params object[] values) => PostgresErrors.Guard(() =>
    {
        using var command = Prepare(sql, values);
        return command.ExecuteScalar();
    });

    private List<ParkedItem> Read(string sql, params object[] values) => PostgresErrors.Guard(() =>
    {
        using var command = Prepare(sql, values);
        using var rows = command.ExecuteReader();
        return ParkedRows.Read(rows);
    });

    private NpgsqlCommand Prepare(string sql, object[] values)
    {
        var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)writer ?? DBNull.Value,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
