using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Streaming.ClickHouse.Client;

namespace Streaming.ClickHouse.Migrating;

/// <summary>Brings the database to this program's tables and views: numbered migrations, each
/// applied once, in order, and recorded with its content's hash.</summary>
/// <remarks>Every statement may be repeated, so an interrupted run is repeated from its start. Run it from one process at a time.</remarks>
public sealed class Migrator(IClickHouse client, ILogger<Migrator> log)
{
    /// <summary>Applies what has not been applied.</summary>
    /// <exception cref="ClickHouseException">Refused or not reached; run it again.</exception>
    /// <exception cref="MigrationException">The database was made by other migrations than this program carries. Final.</exception>
    public async Task RunAsync(CancellationToken stop = default)
    {
        await RefuseOtherLayoutAsync(stop);
        await client.QueryAsync(ForLayout($"CREATE DATABASE IF NOT EXISTS `{client.Database}`"), database: "default", stop: stop);
        await client.QueryAsync(
            ForLayout("CREATE TABLE IF NOT EXISTS migrations (number UInt32, name String, hash FixedString(64), applied DateTime('UTC') " +
                "DEFAULT now()) "
            + "ENGINE = MergeTree ORDER BY number COMMENT 'Which migrations made this database'"), stop: stop);
        var applied = await AppliedAsync(stop);
        var known = Migration.All;
        if (applied.Keys.FirstOrDefault(n => known.All(m => m.Number != n)) is var newer and not 0)
            throw new MigrationException($"database {client.Database} has migration {newer}, which this version does not know: use the " +
                $"version that made it, or a newer one");

        foreach (var migration in known)
        {
            if (applied.TryGetValue(migration.Number, out var hash))
            {
                if (hash != migration.Hash)
                {
                    throw new MigrationException($"migration {migration.Name} was changed after database {client.Database} was made by " +
                        $"it: add a new one instead");
                }
                continue;
            }

            foreach (var statement in Clustered ? ClusterVariant.Of(migration, client.Cluster) : migration.Statements)
            {
                await client.QueryAsync(statement, stop: stop);
            }
            await client.QueryAsync(
                "INSERT INTO migrations (number, name, hash) SELECT {number:UInt32}, {name:String}, {hash:String}",
                new Dictionary<string, string>
                {
                    ["number"] = migration.Number.ToString(CultureInfo.InvariantCulture),
                    ["name"] = migration.Name,
                    ["hash"] = migration.Hash,
                },
                stop: stop);
            log.MigrationApplied(migration.Name, client.Database);
        }
    }

    private bool Clustered => client.Cluster.Length > 0;

    private string ForLayout(string statement) => Clustered ? ClusterVariant.Of(statement, client.Cluster) : statement;

    /// <summary>A setting does not turn the tables of one server into those of a cluster, or the reverse.</summary>
    private async Task RefuseOtherLayoutAsync(CancellationToken stop)
    {
        var engine = await client.QueryAsync(
            "SELECT engine FROM system.tables WHERE database = {database:String} AND name = 'migrations'",
            new Dictionary<string, string> { ["database"] = client.Database }, database: "default", stop: stop);
        if (engine.Length == 0 || engine.StartsWith("Replicated", StringComparison.Ordinal) == Clustered) return;
        throw new MigrationException(Clustered
            ? $"database {client.Database} was made for one server, and Cluster of ClickHouse names {client.Cluster}: name another " +
                $"database, or clear that setting"
            : $"database {client.Database} was made for a cluster: name that in Cluster of ClickHouse, or name another database");
    }

    private async Task<Dictionary<int, string>> AppliedAsync(CancellationToken stop)
    {
        var answer = await client.QueryAsync("SELECT DISTINCT number, hash FROM migrations ORDER BY number", stop: stop);
        return answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(f => int.Parse(f[0], CultureInfo.InvariantCulture), f => f[1]);
    }
}

/// <summary>The database was made by other migrations than this program carries. Final: an operator has to decide.</summary>
public sealed class MigrationException(string what) : Exception($"ClickHouse cannot be used: {what}.");

/// <summary>One migration as the program carries it: a file <c>NNNN_name.sql</c>, statements ending in a semicolon at a line's end, comment
/// lines beginning with two dashes.</summary>
/// <param name="Number">Its number, from 1 without gaps.</param>
/// <param name="Name">File name without ending.</param>
/// <param name="Hash">SHA-256 of its text, hex digits.</param>
/// <param name="Statements">Its statements, without comment lines.</param>
internal sealed record Migration(int Number, string Name, string Hash, IReadOnlyList<string> Statements)
{
    private const string Folder = "Migrations/";

    /// <summary>All migrations in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load(typeof(Migration).Assembly);

    /// <summary>Reads one migration's text.</summary>
    public static Migration Parse(string name, string text)
    {
        text = text.ReplaceLineEndings("\n");
        var code = string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)));
        return new Migration(
            int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture),
            name,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            [.. (code + "\n").Split(";\n").Select(s => s.Trim()).Where(s => s.Length > 0)]);
    }

    private static Migration[] Load(Assembly from)
    {
        var names = from.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return [.. names.Select(n => Parse(Path.GetFileNameWithoutExtension(n), Text(n)))];

        string Text(string resource)
        {
            using var stream = from.GetManifestResourceStream(resource)!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}
