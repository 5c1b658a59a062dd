using Npgsql;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>The facts table behind <see cref="IFacts"/>. Thread-safe.</summary>
internal sealed class PostgresFacts(NpgsqlDataSource source) : IFacts
{
    public string? this[string name] => PostgresErrors.Guard(() =>
    {
        using var command = source.CreateCommand("SELECT value FROM facts WHERE name = $1");
        command.Parameters.Add(new() { Value = name });
        return command.ExecuteScalar() as string;
    });

    public void Set(params (string Name, string Value)[] facts) => PostgresErrors.Guard(() =>
    {
        using var command = source.CreateCommand("INSERT INTO facts SELECT * FROM unnest($1, $2) ON CONFLICT (name) DO UPDATE SET value " +
            "= excluded.value");
        command.Parameters.Add(new() { Value = facts.Select(f => f.Name).ToArray() });
        command.Parameters.Add(new() { Value = facts.Select(f => f.Value).ToArray() });
        return command.ExecuteNonQuery();
    });

    public string Draw(string name, string value) => PostgresErrors.Guard(() =>
    {
        using var command = source.CreateCommand("INSERT INTO facts AS f (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET " +
            "value = f.value RETURNING value");
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = value });
        return (string)command.ExecuteScalar()!;
    });
}
