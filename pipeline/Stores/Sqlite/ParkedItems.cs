using System.Globalization;
using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;

namespace Streaming.Stores.Sqlite;

/// <summary>The parked table behind <see cref="IParkedItems"/>. Thread-safe.</summary>
internal sealed class ParkedItems : IParkedItems
{
    private readonly Lock gate;
    private readonly SqliteConnection connection;

    private readonly ParkedSettings settings;

    public ParkedItems(SqliteConnection connection, Lock gate, ParkedSettings settings)
    {
        this.settings = settings;
        this.connection = connection;
        this.gate = gate;
    }

    public long Count => Convert.ToInt64(Scalar("SELECT count(*) FROM parked WHERE redrive = 0"), CultureInfo.InvariantCulture);

    public int Add(string kind, string target, string reason, byte[] bytes) => StoreErrors.Guard(gate, () =>
    {
        using var transaction = connection.BeginTransaction();
        using var insert = Prepare("INSERT INTO parked (kind, target, reason, bytes) VALUES ($0, $1, $2, $3)",
            [kind, target, reason, bytes]);
        insert.Transaction = transaction;
        insert.ExecuteNonQuery();
        var forgotten = MakeRoom(transaction);
        transaction.Commit();
        return forgotten;
    });

    /// <summary>Forgets the oldest beyond the bounds, within a transaction that has added one.</summary>
    public int MakeRoom(SqliteTransaction transaction)
    {
        using var trim = Prepare(
            """
            DELETE FROM parked WHERE id IN (
                SELECT id FROM (SELECT id, row_number() OVER newest AS place, sum(length(bytes)) OVER newest AS size FROM parked WINDOW newest AS (ORDER BY id DESC))
                WHERE place > $0 OR (size > $1 AND place > 1))
            """,
            [settings.Items, (long)settings.MiB << 20]);
        trim.Transaction = transaction;
        return trim.ExecuteNonQuery();
    }

    public IReadOnlyList<ParkedItem> List(int most, long after = 0) =>
        Read($"SELECT {ParkedRows.Columns} FROM parked WHERE redrive = 0 AND id > $1 ORDER BY id LIMIT $0", most, after);

    public IReadOnlyList<ParkedItem> ToRedrive(string kind) =>
        Read($"SELECT {ParkedRows.Columns} FROM parked WHERE redrive = 1 AND kind = $0 ORDER BY id", kind);

    public bool Redrive(long id) => Scalar("UPDATE parked SET redrive = 1 WHERE id = $0 RETURNING id", id) is not null;

    public bool Remove(long id) => Scalar("DELETE FROM parked WHERE id = $0 RETURNING id", id) is not null;

    private object? Scalar(string sql, params object[] values) => StoreErrors.Guard(gate, () =>
    {
        using var command = Prepare(sql, values);
        return command.ExecuteScalar();
    });

    private List<ParkedItem> Read(string sql, params object[] values) => StoreErrors.Guard(gate, () =>
    {
        using var command = Prepare(sql, values);
        using var rows = command.ExecuteReader();
        return ParkedRows.Read(rows);
    });

    private SqliteCommand Prepare(string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue("$" + (char)('0' + i), values[i]);
        return command;
    }
}
