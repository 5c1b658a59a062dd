using Microsoft.Data.Sqlite;
using Streaming.Engine.Storing;

namespace Streaming.Stores.Sqlite;

/// <summary>The facts table behind <see cref="IFacts"/>. Thread-safe.</summary>
internal sealed class Facts : IFacts
{
    private readonly Lock gate;
    private readonly SqliteConnection connection;

    public Facts(SqliteConnection connection, Lock gate)
    {
        this.connection = connection;
        this.gate = gate;
    }

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

    public void Set(params (string Name, string Value)[] facts) => StoreErrors.Guard(gate, () =>
    {
        using var transaction = connection.BeginTransaction();
        Write(connection, transaction, facts);
        transaction.Commit();
    });

    public string Draw(string name, string value) => StoreErrors.Guard(gate, () =>
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO facts (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = value RETURNING value";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$value", value);
        return (string)command.ExecuteScalar()!;
    });

    /// <summary>Writes facts within a transaction. Under the store's lock.</summary>
    internal static void Write(SqliteConnection connection, SqliteTransaction transaction, (string Name, string Value)[] facts)
    {
        foreach (var (name, value) in facts)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText =
                "INSERT INTO facts (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            command.Parameters.AddWithValue("$name", name);
            command.Parameters.AddWithValue("$value", value);
            command.ExecuteNonQuery();
        }
    }
}
