using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Streaming.Pipeline.Store;

/// <summary>Small named facts about a store that change rarely. Each write is durable when it returns. Thread-safe.</summary>
public sealed class Facts
{
    private readonly Lock gate;
    private readonly SqliteConnection connection;

    internal Facts(SqliteConnection connection, Lock gate)
    {
        this.connection = connection;
        this.gate = gate;
    }

    /// <summary>The fact, or null.</summary>
    public string? this[string name]
    {
        get => StoreErrors.Guard(gate, () =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT value FROM facts WHERE name = $name";
            command.Parameters.AddWithValue("$name", name);
            return command.ExecuteScalar() as string;
        });
    }

    /// <summary>The fact as a number, or <paramref name="otherwise"/>.</summary>
    public long Number(string name, long otherwise = 0) =>
        long.TryParse(this[name], NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : otherwise;

    /// <summary>Writes several facts at once: all or none.</summary>
    public void Set(params (string Name, string Value)[] facts) => StoreErrors.Guard(gate, () =>
    {
        using var transaction = connection.BeginTransaction();
        foreach (var (name, value) in facts)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO facts (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            command.Parameters.AddWithValue("$name", name);
            command.Parameters.AddWithValue("$value", value);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    });
}
