using System.Text;
using Streaming.App.ClickHouse;

namespace Streaming.Integration.ClickHouse;

public sealed class GateTests
{
    private static readonly Gate Gate = new(new SettingRules(new ClickHouseOptions { DataDirectory = "x", MaxQuerySeconds = 300 }));

    [Theory]
    [InlineData("SYSTEM SHUTDOWN")]
    [InlineData("system kill")]
    [InlineData("SYSTEM/**/SHUTDOWN")]
    [InlineData("DROP DATABASE system")]
    [InlineData("DROP DATABASE IF EXISTS `system`")]
    [InlineData("DROP TABLE system.numbers")]
    [InlineData("INSERT INTO system.query_log SELECT 1")]
    [InlineData("DROP TABLE t SYNC")]
    [InlineData("drop table t no delay")]
    [InlineData("KILL QUERY WHERE 1 SYNC")]
    [InlineData("DETACH TABLE t SYNC")]
    [InlineData("SELECT 1 INTO OUTFILE 'x'")]
    [InlineData("INSERT INTO t FROM INFILE 'x' FORMAT CSV")]
    [InlineData("SELECT * FROM url('http://x')")]
    [InlineData("SELECT * FROM URL ('http://x')")]
    [InlineData("SELECT * FROM `url`('http://x')")]
    [InlineData("SELECT * FROM `u\\x72l`('http://x')")]
    [InlineData("SELECT * FROM \u201curl\u201d('http://x')")]
    [InlineData("SELECT * FROM url /* ( */ ('http://x')")]
    [InlineData("DESCRIBE TABLE s3('http://x')")]
    [InlineData("SELECT file('/etc/passwd')")]
    [InlineData("INSERT INTO FUNCTION file('x', 'CSV') SELECT 1")]
    [InlineData("CREATE TABLE a AS remote('x', y.z)")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = File(CSV)")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE Kafka('b')")]
    [InlineData("CREATE DATABASE a ENGINE = MySQL('b')")]
    [InlineData("CREATE DICTIONARY a (x Int8) PRIMARY KEY x SOURCE(HTTP(url 'http://x'))")]
    [InlineData("CREATE TABLE a (x Int8) ENGINE = MergeTree ORDER BY x SETTINGS disk = disk(type = local, path = '/x')")]
    [InlineData("BACKUP DATABASE a TO File('x')")]
    [InlineData("ATTACH TABLE a FROM '/x' (b Int8) ENGINE = Log")]
    public void What_reaches_out_or_never_comes_back_is_denied(string sql) =>
        Assert.Equal((int)ErrorCode.AccessDenied, Check(sql)?.Code);

    [Theory]
    [InlineData("INSERT INTO t FORMAT Parquet\nx")]
    [InlineData("INSERT INTO t FORMAT ArrowStream\nx")]
    [InlineData("SELECT * FROM format(Parquet, 'x')")]
    [InlineData("SELECT * FROM format('ArrowStream', 'x')")]
    public void Formats_whose_readers_break_are_not_read(string sql) =>
        Assert.Equal((int)ErrorCode.NotImplemented, Check(sql)?.Code);

    [Theory]
    [InlineData("SELECT 1 SETTINGS max_memory_usage = 0")]
    [InlineData("SELECT * FROM (SELECT 1 SETTINGS max_block_size = 1, max_execution_time = 301)")]
    [InlineData("SET max_execution_time = -1")]
    [InlineData("SET implicit_select = 1")]
    [InlineData("INSERT INTO t SETTINGS max_threads = 1000 FORMAT CSV\n1")]
    [InlineData("DROP TABLE t SETTINGS database_atomic_wait_for_drop_and_detach_synchronously = 1")]
    public void Limits_cannot_be_raised_in_the_text(string sql) =>
        Assert.Equal((int)ErrorCode.SettingConstraintViolation, Check(sql)?.Code);

    [Theory]
    [InlineData("SELECT 'url(x)', \"a\", `b` FROM numbers(10) -- url(")]
    [InlineData("SELECT format('{} {}', a, b), file, url FROM t SETTINGS max_execution_time = 10")]
    [InlineData("SELECT * FROM format(JSONEachRow, '{\"a\":1}')")]
    [InlineData("INSERT INTO url (file) FORMAT JSONEachRow\n{}")]
    [InlineData("CREATE TABLE IF NOT EXISTS file (a Int8) ENGINE = ReplacingMergeTree ORDER BY a")]
    [InlineData("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 MINUTE ENGINE = MergeTree ORDER BY n AS SELECT count() n FROM system.parts")]
    [InlineData("CREATE DICTIONARY a (x Int8) PRIMARY KEY x SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(FLAT()) LIFETIME(60)")]
    [InlineData("INSERT INTO t SELECT * FROM system.parts")]
    [InlineData("SYSTEM STOP MERGES t")]
    [InlineData("KILL QUERY WHERE query_id = 'x' ASYNC")]
    [InlineData("OPTIMIZE TABLE t FINAL")]
    [InlineData("ALTER TABLE t DROP PARTITION 5")]
    [InlineData("DROP TABLE IF EXISTS t")]
    public void Ordinary_statements_pass(string sql) => Assert.Null(Check(sql));

    [Theory]
    [InlineData("(1, file('/etc/passwd'))", false)]
    [InlineData("(1, 'file(x)'), (now(), concat('a', 'b'))", true)]
    public void Expressions_among_values_are_looked_through(string values, bool passes) =>
        Assert.Equal(passes, Gate.CheckValues(Encoding.UTF8.GetBytes(values)) is null);

    [Theory]
    [InlineData("SELECT 1", true)]
    [InlineData("INSERT INTO t VALUES (1)", false)]
    [InlineData("CREATE DATABASE d", false)]
    public void Reading_requests_only_read(string sql, bool passes) =>
        Assert.Equal(passes, Gate.Check(Parse(sql), readOnly: true) is null);

    private static QueryError? Check(string sql) => Gate.Check(Parse(sql), readOnly: false);

    private static Statement Parse(string sql) => Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true);
}

/// <summary>The gate's lists against the engine they were written for.</summary>
[Collection(nameof(ClickHouseCollection))]
public sealed class GateListsTests(ClickHouseFixture fixture)
{
    [Fact]
    public async Task Every_table_function_of_the_engine_is_either_harmless_or_refused()
    {
        var functions = (await fixture.Server.QueryAsync("SELECT name FROM system.table_functions")).Split('\n');
        var judged = GateLists.HarmlessTableFunctions.Concat(GateLists.RefusedFunctions).Append("format").ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(functions, f => !judged.Contains(f));
        Assert.Empty(GateLists.HarmlessTableFunctions.Intersect(GateLists.RefusedFunctions));
    }

    [Fact]
    public async Task Every_format_and_engine_listed_is_one_the_engine_has()
    {
        var formats = (await fixture.Server.QueryAsync("SELECT name FROM system.formats WHERE is_input")).Split('\n');
        Assert.Empty(GateLists.InputFormats.Except(formats));
        var engines = (await fixture.Server.QueryAsync("SELECT name FROM system.table_engines UNION ALL SELECT name FROM system.database_engines")).Split('\n');
        Assert.Empty(GateLists.Engines.Except(engines));
    }
}
