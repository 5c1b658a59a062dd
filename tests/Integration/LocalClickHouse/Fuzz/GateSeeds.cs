using System.Text.Json;
using System.Text.RegularExpressions;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse.Fuzz;

/// <summary>What mutations start from: statements that must pass, and every known attack.</summary>
internal static partial class GateSeeds
{
    /// <summary>Stands for the file that must not be read; replaced by its path.</summary>
    public const string Secret = "/canary/secret";

    /// <summary>Stands for the file that must not come to be.</summary>
    public const string Written = "/canary/written";

    /// <summary>Values of the parameters that statements name.</summary>
    public static readonly string[] ParameterValues = [Secret, "file", "t", "default", "system", "stack_trace", "a", "1",
        "`" + Secret + "`", "upper", "Array(UInt8)"];

    public static readonly string[] Ordinary =
    [
        "SELECT 1", "SELECT number, toString(number) AS s FROM numbers(10) WHERE number % 2 = 0 ORDER BY number DESC LIMIT 3 FORMAT " +
            "JSONEachRow",
        "WITH x AS (SELECT number AS a FROM numbers(5)) SELECT sumIf(a, a > 1), quantile(0.5)(a) FROM x GROUP BY a % 2 HAVING count() > " +
            "0 SETTINGS max_threads = 1",
        "SELECT arrayMap(x -> upper(x), ['a', 'b']), arrayMap(upper, ['a']), {p:String}, {t:Identifier} FROM (SELECT 'x' AS t, 'y' AS a)",
        "SELECT * APPLY upper FROM (SELECT 'a')", "SELECT * EXCEPT (a) REPLACE (b + 1 AS b) FROM (SELECT 1 AS a, 2 AS b)",
            "SELECT COLUMNS('a') APPLY(toString) FROM (SELECT 1 AS a)",
        "SELECT CASE WHEN a = 1 THEN 'x' ELSE 'y' END, a::Decimal(10, 2), CAST(a AS Nullable(Int32)), DATE '2020-01-01' + INTERVAL 1 " +
            "DAY FROM (SELECT 1 AS a)",
        "SELECT sum(a) OVER (PARTITION BY b ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (SELECT 1 AS a, 2 AS b)",
        "SELECT * FROM t LEFT JOIN (SELECT 1 AS a) AS u USING (a) WHERE a IN (SELECT a FROM t) AND b LIKE '%x%'",
            "SELECT format('{} {}', a, b) FROM t", "SELECT * FROM format(JSONEachRow, '{\"a\":1}')",
        "SELECT * FROM values('a UInt8, b String', (1, 'x'), (2, 'y'))",
            "SELECT name FROM system.tables WHERE database = 'default' LIMIT 5", "SELECT count() FROM information_schema.tables",
        "SELECT extract('abc', 'b'), trim(BOTH ' ' FROM ' a '), position('a' IN 'ab'), substring('abc' FROM 2 FOR 1)",
            "SELECT map('a', 1)['a'], tuple(1, 'x').1, [1, 2][1], {'a': 1}",
            "SELECT 'it''s', 'a\\'b', `a b`, \"c\" FROM (SELECT 1 AS `a b`, 2 AS c)",
        "SELECT a IS DISTINCT FROM b, 'x' FROM (SELECT 1 AS a, 2 AS b) AS t, numbers(2) WHERE (a, 'x') IN ((1, 'x'))",
        "SELECT 1 -- comment\n, 2 /* another */", "(SELECT 1) UNION ALL (SELECT 2)", "EXPLAIN AST SELECT 1",
            "EXPLAIN PLAN header = 1 SELECT a FROM t", "SHOW TABLES FROM default", "SHOW CREATE TABLE t", "DESCRIBE TABLE (SELECT 1)",
            "EXISTS TABLE t",
        "INSERT INTO t (a, b) SELECT number, 'x' FROM numbers(3)", "INSERT INTO t FORMAT JSONEachRow",
            "CREATE TABLE IF NOT EXISTS u (a UInt64, b LowCardinality(String), c Decimal(38, 4) CODEC(ZSTD(1)), INDEX i a TYPE minmax " +
            "GRANULARITY 1) ENGINE = MergeTree PARTITION BY a % 2 ORDER BY (a, b) TTL toDateTime(a) + INTERVAL 1 DAY SETTINGS " +
            "index_granularity = 8192",
        "CREATE OR REPLACE VIEW v AS SELECT a FROM t WHERE a > (SELECT min(a) FROM t)",
            "CREATE MATERIALIZED VIEW IF NOT EXISTS m ENGINE = MergeTree ORDER BY a AS SELECT a FROM t",
            "CREATE TABLE IF NOT EXISTS w AS t",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS c UInt8 DEFAULT 1, DROP COLUMN IF EXISTS d", "ALTER TABLE t UPDATE b = 'z' WHERE a = 1",
            "ALTER TABLE t DELETE WHERE a = 99", "ALTER TABLE t MODIFY SETTING ttl_only_drop_parts = 1",
            "ALTER TABLE t ADD PROJECTION IF NOT EXISTS p (SELECT a, count() GROUP BY a)",
        "DROP TABLE IF EXISTS u", "TRUNCATE TABLE IF EXISTS w", "OPTIMIZE TABLE t FINAL", "DELETE FROM t WHERE a = 98",
            "SYSTEM STOP MERGES t", "KILL QUERY WHERE query_id = 'x' ASYNC",
    ];

    public static readonly string[] Attacks =
    [
        $"SELECT * FROM '{Secret}'", $"SELECT * FROM default.`{Secret}`", $"SELECT * FROM `{Secret}`", "SELECT * FROM {p:Identifier}",
            "SELECT * FROM {d:Identifier}.{p:Identifier}", $"SELECT 1 IN `{Secret}`",
        $"SELECT * FROM file('{Secret}', 'LineAsString', 'l String')", $"SELECT * FROM file\u2003('{Secret}', 'LineAsString', 'l String')",
            $"SELECT * FROM `fi\\Nle`('{Secret}', 'LineAsString', 'l String')",
        $"SELECT file('{Secret}')", $"SELECT arrayMap(file, ['{Secret}'])", $"SELECT arrayFilter(file, ['{Secret}'])",
            $"SELECT * APPLY file FROM (SELECT '{Secret}')", $"SELECT * APPLY(file) FROM (SELECT '{Secret}')",
            $"WITH file AS f SELECT arrayMap(f, ['{Secret}'])",
        $"WITH (x -> file(x)) AS f SELECT f('{Secret}')", $"SELECT arrayFold(file, ['{Secret}'], '')",
            $"SELECT /* /* */ */ file('{Secret}') -- */", $"SELECT 1 // '\n, file('{Secret}') -- '",
            $"SELECT 1 # '\n, file('{Secret}') -- '", $"SELECT x$b$, file('{Secret}'), $b$", $"SELECT $a$'$a$, file('{Secret}'), '$a$'",
            $"SELECT x'\\', file('{Secret}'), '",
        $"SELECT 1 FORMAT Template SETTINGS format_template_row = '{Secret}'",
            $"SELECT 1 FORMAT CustomSeparated SETTINGS format_custom_field_delimiter = '|'", $"SELECT 1 INTO OUTFILE '{Written}'",
            $"SELECT 1 INTO OUTFILE '{Written}' APPEND FORMAT CSV", $"INSERT INTO FUNCTION file('{Written}', 'CSV', 'a UInt8') SELECT 1",
            $"INSERT INTO TABLE FUNCTION file('{Written}', 'CSV', 'a UInt8') VALUES (1)",
            $"INSERT INTO t FROM INFILE '{Secret}' FORMAT LineAsString",
        $"CREATE DICTIONARY d (k UInt64, v String) PRIMARY KEY k SOURCE(EXECUTABLE(COMMAND 'touch {Written}' FORMAT TSV)) " +
            "LAYOUT(FLAT()) LIFETIME(0)", $"CREATE DICTIONARY d (k UInt64, v String) PRIMARY KEY k SOURCE(FILE(PATH '{Secret}' FORMAT " +
            "TSV)) LAYOUT(FLAT()) LIFETIME(0)", "SELECT dictGet('d', 'v', toUInt64(1))",
            $"SELECT * FROM executable('touch {Written}', TSV, 'x String')",
        $"CREATE TABLE f (l String) ENGINE = File(LineAsString, '{Secret}')",
            "CREATE TABLE f (l String) ENGINE == File", "CREATE TABLE f (l String) ENGINE File",
        $"CREATE TABLE f ENGINE = File('LineAsString', '{Secret}') AS SELECT 1", $"CREATE DATABASE f ENGINE = Filesystem('/canary')",
            $"CREATE TABLE f AS file('{Secret}', LineAsString)", $"CREATE VIEW f AS SELECT * FROM file('{Secret}', LineAsString)",
            $"CREATE TABLE f (a String DEFAULT file('{Secret}')) ENGINE = Memory",
        $"EXPLAIN SELECT * FROM file('{Secret}')", $"DESCRIBE TABLE file('{Secret}')", $"EXECUTE AS default SELECT * FROM file('{Secret}')",
            $"DROP TABLE IF EXISTS f PARALLEL WITH CREATE TABLE f AS file('{Secret}')",
            $"SELECT * FROM view(SELECT * FROM file('{Secret}'))", $"SELECT * FROM viewExplain('EXPLAIN', '', (SELECT file('{Secret}')))",
        "SELECT * FROM url('http://127.0.0.1:1/', CSV, 'a String')", "SELECT * FROM remote('127.0.0.1:1', system.one)",
            "SELECT * FROM cluster('default', system.one)", "SELECT * FROM s3('http://127.0.0.1:1/a/b', CSV)",
            "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')", "SELECT hasColumnInTable('127.0.0.1', 'a', 'b', 'c', 'd', 'e')",
        $"SELECT * FROM format(Values, 'a String', '(file(\\'{Secret}\\'))')",
            $"SELECT * FROM format(JSONEachRow, 'a String, b String DEFAULT file(\\'{Secret}\\')', '{{\"a\":\"x\"}}')",
            $"SELECT * FROM values('a String, b String DEFAULT file(\\'{Secret}\\')', 'x')", $"INSERT INTO t VALUES (1, file('{Secret}'))",
        $"BACKUP DATABASE default TO File('{Written}')", $"RESTORE DATABASE default FROM File('{Secret}')",
            "ATTACH TABLE f FROM '/canary' (a String) ENGINE = Log", "SYSTEM SHUTDOWN", "KILL QUERY WHERE 1 SYNC",
            "GRANT ALL ON *.* TO default", "CREATE USER u IDENTIFIED BY 'x'", "SET max_parser_depth = 1000000",
            "SELECT 1 SETTINGS max_memory_usage = DEFAULT",
        "SELECT 1 SETTINGS additional_table_filters = {'a': 'b'}, max_threads = 1", $"SELECT 1 SETTINGS format_schema = '{Secret}'",
            "SELECT * FROM system.stack_trace", "SELECT * FROM 'system'.'stack_trace'", "SELECT * FROM merge('system', '.*')",
            "SELECT joinGet('j', 'a', 1)", "SELECT getSetting('max_threads')", "ALTER TABLE t FREEZE",
            "ALTER TABLE t UPDATE b = '' WHERE 1, FETCH PARTITION 1 FROM '/x'",
            "CREATE TABLE f (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '/canary/')",
    ];

    /// <summary>Pieces that mutations put in: what lexers differ on, and words that change what a statement does.</summary>
    public static readonly string[] Pieces =
    [
        " ", "\t", "\n", "\r", "\f", "\v", "\0", "\u00a0", "\u0085", "\u2003", "\u200b", "\u3000", "\ufeff", "\u2018", "\u2019", "\u201c",
            "\u201d", "\u2212", "'", "''", "\\'", "\\", "\\\\", "\\N", "\\x66", "`", "``", "\"", "\"\"",
        "--", "-- ", "--\n", "/*", "*/", "/* */", "/*/", "//", "#", "# ", "#!", "$", "$$", "$a$", "x'", "b'", "X'41'", "(", ")", "[", "]",
            "{", "}", ",", ";", ".", ":", "::", "=", "==", "->", "|", "||", "@", "@@", "?", "^", "&", "~", "!", "1", "1e", "1e5", "0x",
            "0xf", "1_0", ".5", "1.",
        "file", "FILE", "`file`", "url", "executable", "APPLY ", "APPLY(file)", " AS file", "file AS ", "SETTINGS ",
            "SETTINGS max_threads = 1 ", "FORMAT ", "FORMAT Template ", "INTO OUTFILE ", "INTO OUTFILE '/canary/written' ", "FROM INFILE ",
            "FROM ", "SELECT ", "WITH ", "INSERT INTO FUNCTION ", "FUNCTION ", "TABLE ", "TABLE FUNCTION ", "ENGINE = ", "File", "Null",
            "PARALLEL WITH ", "ON CLUSTER c ", "DEFAULT", "system.", "default.", "stack_trace", "INDEX ", "PROJECTION ", "IF NOT EXISTS ",
            "IDENTIFIER", "{p:Identifier}", "{d:Identifier}", "{p:String}",
        "'/canary/secret'", "`/canary/secret`", "/canary/secret", "(file('/canary/secret'))", "file('/canary/secret')",
            ", file('/canary/secret')", "['/canary/secret']", "arrayMap(", "x -> ", "UNION ALL ", "IN ", "EXPLAIN ", "EXECUTE AS default ",
            "CREATE ", "VIEW ", "DICTIONARY ", "SOURCE(EXECUTABLE(COMMAND 'touch /canary/written' FORMAT TSV)) ", "REPLACE ", "OR ",
            "COLUMNS(", "OVER (", "INTERPOLATE (", "AS ", "VALUES ",
    ];

    /// <summary>Every query of the dashboards, with its macros and variables as plain words.</summary>
    public static IEnumerable<string> Dashboards()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(StreamingProgram.Repository, "dashboards"), "*.json"))
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var query in Queries(dashboard.RootElement))
            {
                yield return Variable().Replace(Macro().Replace(query, "ignore("), "$2$3").Replace("__", "", StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<string> Queries(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
            p.NameEquals("rawSql") ? [p.Value.GetString() ?? ""] : Queries(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Queries),
        _ => [],
    };

    [GeneratedRegex(@"\$__(timeFilter|dateFilter|timeInterval|conditionalAll)\(")]
    private static partial Regex Macro();

    [GeneratedRegex(@"\$(\{(\w+)[^}]*\}|(\w+))")]
    private static partial Regex Variable();
}
