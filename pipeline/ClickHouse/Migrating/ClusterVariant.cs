using System.Text.RegularExpressions;

namespace Streaming.ClickHouse.Migrating;

/// <summary>The migrations for a replicated cluster, made from those for one server, so that both are always the same.</summary>
/// <remarks>
/// Two things differ: a statement that makes or changes something says <c>ON CLUSTER</c>, and a table's engine is the replicated one of its
/// family, under a path in Keeper made of shard, database and table. Each server's macros <c>shard</c> and <c>replica</c> fill it in.
/// </remarks>
internal static partial class ClusterVariant
{
    private const string Place = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";

    /// <summary>A migration's statements for a cluster.</summary>
    public static IEnumerable<string> Of(Migration plain, string cluster) =>
        plain.Statements.Select(statement => Of(ExpandCreateLike(statement, plain.Statements), cluster));

    /// <summary>A statement for a cluster.</summary>
    /// <exception cref="NotSupportedException">The statement is of a kind this class does not know: add its cluster form here.</exception>
    public static string Of(string statement, string cluster)
    {
        if (!Begins().IsMatch(statement))
        {
            throw new NotSupportedException($"Mistake in this program: no cluster form is known for this migration statement: {statement}");
        }
        return Engine().Replace(
            Begins().Replace(statement, $"$0 ON CLUSTER `{cluster}`"),
            engine => $"ENGINE = Replicated{engine.Groups["family"].Value}({Place}{(engine.Groups["key"].Success ? ", " : "")}{engine.Groups["key"].Value})",
            1);
    }

    /// <summary>A table made like another is written out with the other's definition: copied by
    /// the server it would take the other's path in Keeper too.</summary>
    private static string ExpandCreateLike(string statement, IReadOnlyList<string> statements)
    {
        if (Like().Match(statement) is not { Success: true } like) return statement;
        var (head, other) = (like.Groups["head"].Value, like.Groups["other"].Value);
        var model = statements.FirstOrDefault(s => s.StartsWith($"CREATE TABLE IF NOT EXISTS {other}\n", StringComparison.Ordinal))
            ?? throw new NotSupportedException(
                $"A table made like {other} stands in another migration than {other}: write its columns out.");
        return head + model[model.IndexOf('\n', StringComparison.Ordinal)..];
    }

    [GeneratedRegex(@"\A(?:CREATE DATABASE IF NOT EXISTS|CREATE TABLE IF NOT EXISTS|CREATE OR REPLACE VIEW|ALTER TABLE) (?:\w+|`\w+`)(?=\s|\z)")]
    private static partial Regex Begins();

    [GeneratedRegex(@"\bENGINE = (?<family>\w*MergeTree)(?:\((?<key>\w+)\))?")]
    private static partial Regex Engine();

    [GeneratedRegex(@"\A(?<head>CREATE TABLE IF NOT EXISTS \w+) AS (?<other>\w+)\z")]
    private static partial Regex Like();
}
