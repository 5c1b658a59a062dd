using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streaming.Pipeline.Store;

/// <summary>What Kafka or ClickHouse refused for good: kept, counted, redriven or dropped by an operator. Thread-safe.</summary>
public sealed class ParkedItems
{
    private readonly Lock gate;
    private readonly SqliteConnection connection;

    internal ParkedItems(SqliteConnection connection, Lock gate)
    {
        this.connection = connection;
        this.gate = gate;
    }

    /// <summary>How many are parked.</summary>
    public long Count
    {
        get
        {
            lock (gate)
            {
                using var command = connection.CreateCommand();
                command.CommandText = "SELECT count(*) FROM parked";
                return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>Parks one item.</summary>
    /// <param name="kind"><c>message</c> or <c>block</c>.</param>
    /// <param name="target">Topic or table.</param>
    /// <param name="reason">What the far side said.</param>
    /// <param name="bytes">The message as committed, or the block.</param>
    public void Add(string kind, string target, string reason, byte[] bytes)
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO parked (kind, target, reason, bytes) VALUES ($kind, $target, $reason, $bytes)";
            command.Parameters.AddWithValue("$kind", kind);
            command.Parameters.AddWithValue("$target", target);
            command.Parameters.AddWithValue("$reason", reason);
            command.Parameters.AddWithValue("$bytes", bytes);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The oldest parked items.</summary>
    public IReadOnlyList<ParkedItem> List(int most)
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT id, kind, target, reason, bytes FROM parked ORDER BY id LIMIT $most";
            command.Parameters.AddWithValue("$most", most);
            using var reader = command.ExecuteReader();
            var items = new List<ParkedItem>();
            while (reader.Read())
            {
                items.Add(new ParkedItem(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4)));
            }

            return items;
        }
    }

    /// <summary>Forgets an item that was redriven or dropped.</summary>
    public void Remove(long id)
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM parked WHERE id = $id";
            command.Parameters.AddWithValue("$id", id);
            command.ExecuteNonQuery();
        }
    }
}

/// <summary>One parked item.</summary>
public sealed record ParkedItem(long Id, string Kind, string Target, string Reason, byte[] Bytes);
