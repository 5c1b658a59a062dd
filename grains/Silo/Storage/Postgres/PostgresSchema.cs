using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Streaming.Engine.Storing;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>Brings the database to this program's tables: numbered steps, each applied
/// once, in order, and recorded with its content's hash.</summary>
internal static class PostgresSchema
{
    private const string Folder = "Schema/";
    private const long LockKey = 0x73747265616D696E; // "streamin": one process at a time in one database

    /// <summary>Applies what has not been applied, all in one transaction. Safe from any number of processes at once.</summary>
    /// <exception cref="StoreException">The database is away or refuses, or was made by another version of this program.</exception>
    public static Task ApplyAsync(NpgsqlDataSource source, CancellationToken cancel) => PostgresErrors.Guard(async () =>
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await RunAsync($"SELECT pg_advisory_xact_lock({LockKey})");
        await RunAsync("CREATE TABLE IF NOT EXISTS schema_steps (number int PRIMARY KEY, name text NOT NULL, hash text NOT NULL, applied " +
            "timestamptz NOT NULL DEFAULT now())");
        var applied = new Dictionary<int, string>();
        await using (var asked = new NpgsqlCommand("SELECT number, hash FROM schema_steps", connection, transaction))
        await using (var rows = await asked.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel)) applied[rows.GetInt32(0)] = rows.GetString(1);
        }

        var known = Steps();
        if (applied.Keys.Any(n => n > known.Count))
        {
            throw new StoreException($"The database has schema step {applied.Keys.Max()}, this program knows {known.Count}: use the " +
                $"version that made it, or a newer one.", false);
        }
        foreach (var (number, name, sql, hash) in known)
        {
            if (applied.TryGetValue(number, out var was))
            {
                if (was != hash)
                {
                    throw new StoreException($"Schema step {name} is not the one the database was made by: use the version that made it.",
                        false);
                }
                continue;
            }

            await RunAsync(sql);
            await using var record =
                new NpgsqlCommand("INSERT INTO schema_steps (number, name, hash) VALUES ($1, $2, $3)", connection, transaction)
            {
                Parameters = { new() { Value = number }, new() { Value = name }, new() { Value = hash } },
            };
            await record.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancel);
        }
    });

    private static List<(int Number, string Name, string Sql, string Hash)> Steps()
    {
        var from = typeof(PostgresSchema).Assembly;
        return [.. from.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select((name, i) =>
        {
            var sql = Text(from, name).ReplaceLineEndings("\n");
            return (i + 1, Path.GetFileNameWithoutExtension(name), sql,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        })];
    }

    private static string Text(Assembly from, string resource)
    {
        using var reader = new StreamReader(from.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
