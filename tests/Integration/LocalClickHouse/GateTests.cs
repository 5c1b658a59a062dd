using System.Text;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Statements;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

public sealed class GateTests
{
    private static readonly Gate Gate = new(new SettingRules(new ClickHouseOptions { DataDirectory = "x", MaxQuerySeconds = 300 }));

    [Theory]
    [InlineData("SYSTEM SHUTDOWN")]
    [InlineData("system kill")]
    [InlineData("SYSTEM/**/SHUTDOWN")]
    [InlineData("SYSTEM STOP LISTEN")]
    [InlineData("DROP DATABASE system")]
    [InlineData("DROP DATABASE IF EXISTS `system`")]
    [InlineData("DROP DATABASE default")]
    [InlineData("DROP TABLE system.numbers")]
    [InlineData("INSERT INTO system.query_log SELECT 1")]
    [InlineData("CREATE TABLE t AS system.users")]
    [InlineData("DROP TABLE t SYNC")]
    [InlineData("drop table t no delay")]
    [InlineData("DROP USER u")]
    [InlineData("DETACH TABLE t")]
    [InlineData("KILL QUERY WHERE 1 SYNC")]
    [InlineData("KILL QUERY WHERE user = 'x'")]
    [InlineData("SELECT 1 INTO OUTFILE 'x'")]
    [InlineData("INSERT INTO t FROM INFILE 'x' FORMAT CSV")]
    [InlineData("INSERT INTO t FROM INFILE 'x' COMPRESSION 'gzip' FORMAT CSV")]
    [InlineData("SELECT * FROM url('http://x')")]
    [InlineData("SELECT * FROM URL ('http://x')")]
    [InlineData("SELECT * FROM `url`('http://x')")]
    [InlineData("SELECT * FROM \"url\" ('http://x')")]
    [InlineData("SELECT * FROM url /* ( */ ('http://x')")]
    [InlineData("SELECT * FROM url -- (\n ('http://x')")]
    [InlineData("DESCRIBE TABLE s3('http://x')")]
    [InlineData("EXPLAIN SELECT * FROM remote('x', y.z)")]
    [InlineData("EXPLAIN AST CREATE USER u")]
    [InlineData("EXPLAIN TABLE OVERRIDE mysql('x') SELECT 1")]
    [InlineData("SELECT * FROM merge('.*')")]
    [InlineData("SELECT * FROM loop(t)")]
    [InlineData("SELECT * FROM cluster('default', system.one)")]
    [InlineData("SELECT * FROM executable('id', TSV, 'x String')")]
    [InlineData("SELECT file('/etc/passwd')")]
    [InlineData("SELECT arrayMap(file, ['/etc/passwd'])")]
    [InlineData("SELECT arrayMap((file), ['/etc/passwd'])")]
    [InlineData("WITH file AS f SELECT arrayMap(f, ['/etc/passwd'])")]
    [InlineData("SELECT * APPLY file FROM t")]
    [InlineData("SELECT * APPLY(file) FROM t")]
    [InlineData("SELECT * APPLY(x -> file(x)) FROM t")]
    [InlineData("SELECT dictGet('d', 'a', 1)")]
    [InlineData("SELECT joinGet('t', 'a', 1)")]
    [InlineData("SELECT aiGenerate('x')")]
    [InlineData("SELECT showCertificate()")]
    [InlineData("SELECT nobodyKnows(1)")]
    [InlineData("SELECT '\\'' , file('/etc/passwd')")]
    [InlineData("SELECT 'file' ('/etc/passwd')")]
    [InlineData("SELECT {f:String}('/etc/passwd')")]
    [InlineData("SELECT format(concat('Parq', 'uet'), 'x')")]
    [InlineData("INSERT INTO FUNCTION file('x', 'CSV') SELECT 1")]
    [InlineData("INSERT INTO TABLE FUNCTION file('x', 'CSV') SELECT 1")]
    [InlineData("INSERT INTO t SELECT * FROM s3('x')")]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO FUNCTION file('x', 'CSV') SELECT * FROM x")]
    [InlineData("CREATE TABLE a AS remote('x', y.z)")]
    [InlineData("CREATE TABLE a (x Int8 DEFAULT file('/x')) ENGINE = Memory")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = File(CSV)")]
    [InlineData("CREATE DATABASE a ENGINE = Memory")]
    [InlineData("CREATE DATABASE IF NOT EXISTS a ENGINE `Memory`")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = Atomic")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE Kafka('b')")]
    [InlineData("SELECT * FROM 'FILE'")]
    [InlineData("SELECT * FROM 'a (b String) ENGINE File) x'")]
    [InlineData("DESCRIBE('t')")]
    [InlineData("DESC (('http://x', CSV, 'a String'))")]
    [InlineData("DESCRIBE TABLE ('t')")]
    [InlineData("SELECT * FROM t, 'u'")]
    [InlineData("SELECT a FROM(JSONEachRow, '{\"a\":1}')")]
    [InlineData("SELECT * FROM t WHERE a IN (SELECT 1 FROM (t, 'u'))")]
    [InlineData("SELECT * FROM a, (b, 'u')")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE == File")]
    [InlineData("CREATE MATERIALIZED VIEW a ENGINE == URL AS SELECT 1")]
    [InlineData("CREATE DATABASE a ENGINE == Memory")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = `URL`('b')")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = Merge('system', '.*')")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = ReplicatedMergeTree('/a', 'b') ORDER BY x")]
    [InlineData("CREATE DATABASE a ENGINE = MySQL('b')")]
    [InlineData("CREATE DATABASE a ENGINE = Filesystem('/')")]
    [InlineData("CREATE VIEW v AS SELECT * FROM url('http://x')")]
    [InlineData("CREATE DICTIONARY a (x Int8) PRIMARY KEY x SOURCE(EXECUTABLE(COMMAND 'id' FORMAT TSV)) LAYOUT(FLAT()) LIFETIME(0)")]
    [InlineData("CREATE OR REPLACE DICTIONARY a (x Int8) PRIMARY KEY x SOURCE(CLICKHOUSE(HOST 'x' TABLE 't')) LAYOUT(FLAT()) LIFETIME(0)")]
    [InlineData("CREATE FUNCTION f AS x -> x")]
    [InlineData("CREATE USER u")]
    [InlineData("CREATE NAMED COLLECTION c AS a = 1")]
    [InlineData("CREATE TABLE a ON CLUSTER c (x Int8) ENGINE = Memory")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = MergeTree ORDER BY x TTL d TO DISK 'x'")]
    [InlineData("DROP TABLE a PARALLEL WITH CREATE USER u")]
    [InlineData("ALTER TABLE t FREEZE")]
    [InlineData("ALTER TABLE t FETCH PARTITION 1 FROM '/x'")]
    [InlineData("ALTER TABLE t UPDATE a = 1 WHERE 1, FETCH PARTITION 1 FROM '/x'")]
    [InlineData("ALTER TABLE t MOVE PARTITION 1 TO DISK 'x'")]
    [InlineData("ALTER USER u IDENTIFIED BY 'x'")]
    [InlineData("BACKUP DATABASE a TO File('x')")]
    [InlineData("RESTORE DATABASE a FROM File('x')")]
    [InlineData("ATTACH TABLE a FROM '/x' (b Int8) ENGINE = Log")]
    [InlineData("EXECUTE AS u SELECT 1")]
    [InlineData("GRANT ALL ON *.* TO u")]
    [InlineData("SELECT * FROM system.stack_trace")]
    [InlineData("SELECT * FROM SYSTEM . `certificates`")]
    [InlineData("SELECT * FROM `system.user_directories`")]
    [InlineData("SELECT * FROM system.{t:Identifier}")]
    [InlineData("SELECT * FROM 'system'.stack_trace")]
    [InlineData("SELECT * FROM 'system' . 'stack_trace'")]
    [InlineData("DROP DATABASE 'default'")]
    [InlineData("SELECT * FROM 'system.stack_trace'")]
    [InlineData("SELECT * FROM ('system', 'stack_trace')")]
    [InlineData("SELECT * FROM (EXPLAIN SELECT 1)")]
    [InlineData("SELECT a.sum(1)")]
    [InlineData("SELECT * FROM format(JSONEachRow, 'a String, b String DEFAULT file(\"/etc/passwd\")', '{}')")]
    [InlineData("SELECT * FROM format(JSONEachRow, concat('a String DEFAULT fi', 'le(1)'), '{}')")]
    [InlineData("SELECT * FROM format(JSONEachRow, 'a String', '{}' || '')")]
    [InlineData("SELECT * FROM values('a String DEFAULT file(1)', 'x')")]
    [InlineData("SELECT * FROM values(('a String DEFAULT ' || 'file(1)'), 'x')")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = {e:Identifier}")]
    [InlineData("INSERT INTO t (SELECT arrayMap(file, ['/etc/passwd'])) FORMAT JSONEachRow\n{}")]
    [InlineData("INSERT INTO t (* EXCEPT (a)) FORMAT JSONEachRow\n{}")]
    [InlineData("SHOW CREATE USER u")]
    [InlineData("SHOW GRANTS")]
    public void Statements_that_reach_files_or_servers_or_never_end_are_denied(string sql) =>
        Assert.Equal((int)ErrorCode.AccessDenied, Check(sql)?.Code);

    [Theory]
    [InlineData("INSERT INTO t FORMAT Parquet\nx", ErrorCode.NotImplemented)]
    [InlineData("INSERT INTO t FORMAT ArrowStream\nx", ErrorCode.NotImplemented)]
    [InlineData("INSERT INTO t FORMAT Template\nx", ErrorCode.NotImplemented)]
    [InlineData("SELECT * FROM format(Parquet, 'x')", ErrorCode.NotImplemented)]
    [InlineData("SELECT * FROM format('ArrowStream', 'x')", ErrorCode.NotImplemented)]
    [InlineData("SELECT * FROM format(Values, '(file(1))')", ErrorCode.NotImplemented)]
    [InlineData("SELECT 1 FORMAT Template", ErrorCode.UnknownFormat)]
    [InlineData("SELECT 1 FORMAT `CustomSeparated`", ErrorCode.UnknownFormat)]
    [InlineData("SELECT 1 FORMAT Protobuf SETTINGS max_threads = 1", ErrorCode.UnknownFormat)]
    public void Unsafe_formats_are_refused(string sql, object code) =>
        Assert.Equal((int)(ErrorCode)code, Check(sql)?.Code);

    [Theory]
    [InlineData("SELECT 1 SETTINGS max_memory_usage = 0")]
    [InlineData("SELECT * FROM (SELECT 1 SETTINGS max_block_size = 1, max_execution_time = 301)")]
    [InlineData("SELECT 1 SETTINGS max_memory_usage = DEFAULT")]
    [InlineData("SELECT 1 SETTINGS max_threads = 1, max_memory_usage=-1")]
    [InlineData("SELECT 1 SETTINGS max_threads\n= 1000")]
    [InlineData("SELECT 1 SETTINGS `max_threads` = 1000")]
    [InlineData("SELECT 1 SETTINGS limit = {'a': 1}, max_threads = 1000")]
    [InlineData("SELECT 1 SETTINGS max_threads = 1 = 1")]
    [InlineData("SELECT 1 SETTINGS max_threads = '\\x31'")]
    [InlineData("SELECT 1 SETTINGS max_threads = 1 + 1000")]
    [InlineData("INSERT INTO t SETTINGS max_threads = 1000 FORMAT CSV\n1")]
    [InlineData("INSERT INTO t FORMAT CSV SETTINGS max_threads = 1000\n1")]
    [InlineData("CREATE VIEW v AS SELECT 1 SETTINGS max_threads = 1000")]
    public void Limits_cannot_be_raised_in_the_text(string sql) =>
        Assert.Equal((int)ErrorCode.SettingConstraintViolation, Check(sql)?.Code);

    [Theory]
    [InlineData("SELECT 1 SETTINGS max_parser_depth = 1000000000")]
    [InlineData("SELECT 1 SETTINGS implicit_select = 1")]
    [InlineData("SELECT 1 SETTINGS log_comment = 'x'")]
    [InlineData("SELECT 1 SETTINGS readonly = 0")]
    [InlineData("SELECT 1 SETTINGS additional_result_filter = '0'")]
    [InlineData("SELECT 1 SETTINGS format_schema = '/etc/passwd'")]
    [InlineData("DROP TABLE t SETTINGS database_atomic_wait_for_drop_and_detach_synchronously = 1")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = MergeTree ORDER BY x SETTINGS storage_policy = 'x'")]
    [InlineData("ALTER TABLE t MODIFY SETTING storage_policy = 'x'")]
    public void Settings_outside_the_list_cannot_be_changed(string sql) => Assert.Equal((int)ErrorCode.UnknownSetting, Check(sql)?.Code);

    [Theory]
    [InlineData("SET max_threads = 1")]
    [InlineData("USE other")]
    [InlineData("SET ROLE r")]
    [InlineData("CREATE TEMPORARY TABLE t (a Int8)")]
    public void Statements_that_change_a_session_are_refused(string sql) =>
        Assert.Equal((int)ErrorCode.SupportIsDisabled, Check(sql)?.Code);

    /// <summary>Each was, or could be, read in one way here and in another by the engine.</summary>
    [Theory]
    [InlineData("SELECT * FROM file\u2003('/x')")]
    [InlineData("SELECT * FROM file\u0085('/x')")]
    [InlineData("SELECT * FROM file\u00a0('/x')")]
    [InlineData("SELECT * FROM file\u200b('/x')")]
    [InlineData("SELECT * FROM file\u3000('/x')")]
    [InlineData("SELECT * FROM file\f('/x')")]
    [InlineData("SELECT * FROM file\v('/x')")]
    [InlineData("SELECT * FROM file\0('/x')")]
    [InlineData("\ufeffSELECT 1")]
    [InlineData("SELECT * FROM \u201curl\u201d('http://x')")]
    [InlineData("SELECT \u2018a\u2019")]
    [InlineData("SELECT * FROM `fi\\Nle`('/x')")]
    [InlineData("SELECT * FROM `u\\x72l`('http://x')")]
    [InlineData("SELECT `a``b`")]
    [InlineData("SELECT \"a\"\"b\"")]
    [InlineData("SELECT \"a`b\"")]
    [InlineData("SELECT /* /* */ 1 */")]
    [InlineData("SELECT /*/*/ 1 */")]
    [InlineData("SELECT 1 // 2")]
    [InlineData("SELECT 1 # 2")]
    [InlineData("SELECT 1 #! 2")]
    [InlineData("SELECT 1 --2")]
    [InlineData("SELECT x$b$, file('/x') $b$")]
    [InlineData("SELECT $$a$$")]
    [InlineData("SELECT 1file('/x')")]
    [InlineData("SELECT 1e5file('/x')")]
    [InlineData("SELECT 0x1file('/x')")]
    [InlineData("SELECT x'\\', file('/x'), '")]
    [InlineData("SELECT b'01'")]
    [InlineData("SELECT a\\b")]
    [InlineData("SELECT @@version")]
    [InlineData("SELECT 'a\0b'")]
    public void Ambiguous_text_is_a_syntax_error(string sql) =>
        Assert.Equal((int)ErrorCode.SyntaxError, Assert.Throws<QueryException>(() => Check(sql)).Error.Code);

    [Theory]
    [InlineData("SELECT 'url(x)', \"a\", `b` FROM numbers(10) -- url(")]
    [InlineData("SELECT format('{} {}', a, b), t.file, url FROM t SETTINGS max_execution_time = 10")]
    [InlineData("SELECT * FROM format(JSONEachRow, '{\"a\":1}')")]
    [InlineData("SELECT format, engine FROM system.tables")]
    [InlineData("SELECT name FROM system.settings UNION ALL SELECT name FROM system.formats")]
    [InlineData("SELECT count() FROM information_schema.tables")]
    [InlineData("INSERT INTO url (file, url) FORMAT JSONEachRow\n{}")]
    [InlineData("INSERT INTO t /* clicks/7-3-0 */ FORMAT Native\n\0")]
    [InlineData("CREATE TABLE IF NOT EXISTS file (a Int8) ENGINE = ReplacingMergeTree ORDER BY a")]
    [InlineData("CREATE OR REPLACE TABLE url (a Decimal(38, 4), INDEX i (a) TYPE bloom_filter(0.01)) ENGINE = ReplacingMergeTree(a) " +
        "ORDER BY a SETTINGS index_granularity = 1")]
    [InlineData("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 MINUTE ENGINE = MergeTree ORDER BY n AS SELECT count() n FROM system.parts")]
    [InlineData("ALTER TABLE t ADD PROJECTION IF NOT EXISTS p (SELECT a, count() GROUP BY a), DROP COLUMN b")]
    [InlineData("ALTER TABLE t UPDATE a = 1, b = 2 WHERE c IN (1, 2)")]
    [InlineData("INSERT INTO t SELECT * FROM system.parts")]
    [InlineData("SYSTEM STOP MERGES t")]
    [InlineData("KILL QUERY WHERE query_id = 'x' ASYNC")]
    [InlineData("OPTIMIZE TABLE t FINAL")]
    [InlineData("ALTER TABLE t DROP PARTITION 5")]
    [InlineData("DROP TABLE IF EXISTS t")]
    [InlineData("EXPLAIN PIPELINE graph = 1, compact = 0 SELECT 1")]
    [InlineData("SHOW CREATE TABLE a.b")]
    [InlineData("SELECT uniqStateIf(a, b > 1), quantiles(0.5, 0.9)(c), sum(d) OVER (PARTITION BY e ORDER BY f) FROM t")]
    [InlineData("SELECT * FROM population_history(of = 'stage', since = 'x', until = 'y', step = 60)")]
    public void Ordinary_statements_pass(string sql) => Assert.Null(Check(sql));

    [Theory]
    [InlineData("SELECT * FROM {t:Identifier}", "/etc/passwd", false)]
    [InlineData("SELECT * FROM {t:Identifier}", "system", false)]
    [InlineData("SELECT * FROM {t: `Identifier` }", "a.b", false)]
    [InlineData("SELECT arrayMap({t:Identifier}, ['/etc/passwd'])", "file", false)]
    [InlineData("SELECT * FROM {t:Identifier}", "activity", true)]
    [InlineData("SELECT {t:String}", "/etc/passwd", true)]
    public void An_identifier_parameter_must_be_a_plain_allowed_name(string sql, string value, bool passes) =>
        Assert.Equal(passes, Gate.Check(Parse(sql), Caller.Owner, readOnly: false, [new("t", value)]) is null);

    [Theory]
    [InlineData("(1, file('/etc/passwd'))", false)]
    [InlineData("(1, arrayMap(file, ['/etc/passwd']))", false)]
    [InlineData("(1, (SELECT count() FROM system.stack_trace))", false)]
    [InlineData("(1, 'file(x)'), (now(), concat('a', 'é'))", true)]
    public void Expressions_in_VALUES_are_checked(string values, bool passes) =>
        Assert.Equal(passes, Gate.CheckValues(Encoding.UTF8.GetBytes(values)) is null);

    [Theory]
    [InlineData("SELECT 1", Caller.Owner, true, true)]
    [InlineData("INSERT INTO t VALUES (1)", Caller.Owner, true, false)]
    [InlineData("CREATE DATABASE d", Caller.Owner, true, false)]
    [InlineData("CREATE DATABASE d", Caller.Owner, false, true)]
    [InlineData("CREATE DATABASE d", Caller.Reader, false, false)]
    [InlineData("INSERT INTO t FORMAT CSV\n1", Caller.Reader, false, false)]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", Caller.Reader, false, false)]
    [InlineData("KILL QUERY WHERE query_id = 'x'", Caller.Reader, false, false)]
    [InlineData("SELECT query FROM system.processes", Caller.Owner, true, true)]
    [InlineData("SELECT query FROM system.processes", Caller.Reader, true, false)]
    [InlineData("SELECT last_error_message FROM system.errors", Caller.Owner, true, true)]
    [InlineData("SELECT last_error_message FROM system.errors", Caller.Reader, true, false)]
    [InlineData("SELECT command FROM `system`.`mutations`", Caller.Reader, true, false)]
    [InlineData("SELECT exception FROM (SELECT * FROM system.view_refreshes)", Caller.Reader, true, false)]
    [InlineData("SELECT sum(rows) FROM system.parts", Caller.Reader, true, true)]
    public void The_reader_can_change_nothing_and_see_no_other_users(string sql, object caller, bool readOnly, bool passes) =>
        Assert.Equal(passes, Gate.Check(Parse(sql), (Caller)caller, readOnly, []) is null);

    private static QueryError? Check(string sql) => Gate.Check(Parse(sql), Caller.Owner, readOnly: false, []);

    private static Statement Parse(string sql) => Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true);
}

/// <summary>The gate's lists against the engine they were written for.</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class GateListsTests(ClickHouseFixture fixture)
{
    /// <summary>What reaches files, programs, other machines, dictionaries, the process
    /// or its threads, by how the engine names it.</summary>
    private const string Dangerous =
        "^(file|dict|region|ai[A-Z]|AI|joinGet|hasColumnInTable|catboost|evalML|naiveBayes|address|demangle|logTrace|tid$|" +
        "__|showCertificate|zookeeper|getServer|getMacro|getClient|filesystem|transaction|remote|url$|s3|mysql|executable)";

    [Fact]
    public async Task Every_function_of_the_engine_is_either_allowed_or_refused()
    {
        var functions = await NamesAsync("SELECT name FROM system.functions");
        Assert.Empty(functions.Except(GateLists.Functions.Concat(GateLists.RefusedFunctions), StringComparer.OrdinalIgnoreCase));
        Assert.Empty(GateLists.Functions.Concat(GateLists.RefusedFunctions).Except(functions, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(GateLists.Functions.Intersect(GateLists.RefusedFunctions, StringComparer.OrdinalIgnoreCase));
        Assert.DoesNotContain(GateLists.Functions, f => System.Text.RegularExpressions.Regex.IsMatch(f, Dangerous));
    }

    [Fact]
    public async Task A_table_function_is_callable_only_when_it_is_listed()
    {
        var functions = await NamesAsync("SELECT name FROM system.table_functions");
        Assert.Empty(GateLists.TableFunctions.Except(functions));
        var callable = GateLists.Functions.Concat(GateLists.Words).Concat(GateLists.Types).Concat(GateLists.Views)
            .Concat(GateLists.Engines);
        // The engine "null" shares its name with the table function; in every other list a table function would be let through unseen.
        Assert.Equal(["format", "null", "values"], callable.Intersect(functions, StringComparer.OrdinalIgnoreCase)
            .Select(f => f.ToLowerInvariant()).Distinct().Order());
        Assert.Empty(callable.Intersect(GateLists.RefusedFunctions, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Every_listed_name_exists_in_the_engine()
    {
        Assert.Empty(GateLists.InputFormats.Except(await NamesAsync("SELECT name FROM system.formats WHERE is_input")));
        Assert.Empty(GateLists.OutputFormats.Except(await NamesAsync("SELECT name FROM system.formats WHERE is_output")));
        Assert.Empty(GateLists.Engines.Except(await NamesAsync("SELECT name FROM system.table_engines")));
        Assert.Empty(GateLists.DatabaseEngines.Except(await NamesAsync("SELECT name FROM system.database_engines")));
        Assert.Empty(GateLists.SystemTables.Except(await NamesAsync("SELECT name FROM system.tables WHERE database = 'system'")));
        Assert.Empty((await NamesAsync("SELECT name FROM system.aggregate_function_combinators")).Except(GateLists.Combinators)
            .Except(["Null"]));
        var settings = new SettingRules(new ClickHouseOptions { DataDirectory = "x" }).Allowed;
        Assert.Empty(settings.Except(await NamesAsync("SELECT name FROM system.settings UNION ALL SELECT name FROM " +
            "system.merge_tree_settings")));
    }

    [Fact]
    public async Task No_path_is_a_table()
    {
        Assert.Equal(["INFORMATION_SCHEMA Memory", "default Atomic", "information_schema Memory", "system Memory"],
            (await NamesAsync("SELECT concat(name, ' ', engine) FROM system.databases WHERE engine != 'Atomic' OR name = 'default'"))
                .Order(StringComparer.Ordinal));
        foreach (var table in (string[])["'/etc/passwd'", "default.`/etc/passwd`", "`/etc/passwd`", "`../../../../etc/passwd`",
            "files_by_path.`/etc/passwd`"])
        {
            var error = await Assert.ThrowsAsync<HttpRequestException>(() => fixture.Server.QueryAsync($"SELECT * FROM {table}"));
            Assert.Matches("Code: (60|81)\\.", error.Message);
        }
    }

    private async Task<string[]> NamesAsync(string sql) => (await fixture.Server.QueryAsync(sql)).Split('\n');
}
