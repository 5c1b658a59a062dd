using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streaming.Pipeline.Store;

/// <summary>What Kafka or ClickHouse refused for good: kept, counted, redriven or dropped by an operator. Thread-safe.</summary>
public sealed class ParkedItems
{
    /// <summary>Kind of an item that was a Kafka message, as it stood in its commit.</summary>
    public const string Message = "message";

    /// <summary>Kind of an item that was a ClickHouse block.</summary>
    public const string Block = "block";

    private readonly Lock gate;
    private readonly SqliteConnection connection;

    internal ParkedItems(SqliteConnection connection, Lock gate)
    {
        this.connection = connection;
        this.gate = gate;
    }

    /// <summary>How many are parked and not asked to be sent again.</summary>
    public long Count => Convert.ToInt64(Scalar("SELECT count(*) FROM parked WHERE redrive = 0"), CultureInfo.InvariantCulture);

    /// <summary>Parks one item.</summary>
    /// <param name="kind"><see cref="Message"/> or <see cref="Block"/>.</param>
    /// <param name="target">Topic or table.</param>
    /// <param name="reason">What the far side said.</param>
    /// <param name="bytes">The message as committed, or the block.</param>
    public void Add(string kind, string target, string reason, byte[] bytes) =>
        Scalar("INSERT INTO parked (kind, target, reason, bytes) VALUES ($0, $1, $2, $3)", kind, target, reason, bytes);

    /// <summary>The oldest parked items.</summary>
    public IReadOnlyList<ParkedItem> List(int most) => Read("SELECT id, kind, target, reason, bytes FROM parked WHERE redrive = 0 ORDER BY id LIMIT $0", most);

    /// <summary>Items an operator asked to be sent again.</summary>
    public IReadOnlyList<ParkedItem> ToRedrive(string kind) => Read("SELECT id, kind, target, reason, bytes FROM parked WHERE redrive = 1 AND kind = $0 ORDER BY id", kind);

    /// <summary>Asks for an item to be sent again at the next start; false when there is none of this id.</summary>
    public bool Redrive(long id) => Scalar("UPDATE parked SET redrive = 1 WHERE id = $0 RETURNING id", id) is not null;

    /// <summary>Forgets an item that was sent again or is not wanted any more; false when there is none of this id.</summary>
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
        var items = new List<ParkedItem>();
        while (rows.Read()) items.Add(new ParkedItem(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetFieldValue<byte[]>(4)));
        return items;
    });

    private SqliteCommand Prepare(string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue("$" + (char)('0' + i), values[i]);
        return command;
    }
}

/// <summary>One parked item.</summary>
public sealed record ParkedItem(long Id, string Kind, string Target, string Reason, byte[] Bytes);
