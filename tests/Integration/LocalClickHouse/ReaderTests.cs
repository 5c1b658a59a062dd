using System.Text;
using Streaming.Integration.Tests.LocalClickHouse.Fuzz;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>What the user <c>reader</c> may say: a stranger, whose queries must end near their time and within their memory.</summary>
public sealed class ReaderTests
{
    private static readonly Gate Gate = new(new SettingRules(new ClickHouseOptions { DataDirectory = "x", MaxServerMemoryBytes = 4L << 30,
        MaxQueryMemoryBytes = 2L << 30 }));

    private static readonly string Long = new('a', 200);

    [Theory]
    [InlineData("SELECT damerauLevenshteinDistance(repeat('a', 36000), repeat('b', 36000))")]
    [InlineData("SELECT levenshteinDistance(a, b) FROM t")]
    [InlineData("SELECT arrayLevenshteinDistance(a, b) FROM t")]
    [InlineData("SELECT hasAll(a, b) FROM t")]
    [InlineData("SELECT repeat(repeat('a', 1000), 100000)")]
    [InlineData("SELECT groupBitmap(number) FROM numbers(10)")]
    [InlineData("SELECT sumMap(a, b) FROM t")]
    [InlineData("SELECT arrayMap(levenshteinDistance, a, b) FROM t")]
    [InlineData("SELECT * APPLY levenshteinDistance FROM t")]
    [InlineData("SELECT * APPLY(groupBitmapIf) FROM t")]
    [InlineData("WITH levenshteinDistance AS f SELECT arrayMap(f, a, b) FROM t")]
    [InlineData("SELECT arrayMap(position, a, b) FROM t")]
    [InlineData("SELECT countSubstrings(a, concat(b, 'b')) FROM t")]
    [InlineData("SELECT position(a, b) FROM t")]
    [InlineData("SELECT position(b IN a) FROM t")]
    [InlineData("SELECT position('b' || 'c' IN a) FROM t")]
    [InlineData("SELECT position(a, '{long}') FROM t")]
    [InlineData("SELECT position(a, {p:String}) FROM t")]
    [InlineData("SELECT has((SELECT groupArray(number) FROM numbers(1000000)), number) FROM numbers(100000)")]
    [InlineData("SELECT JSONExtractString(a, b) FROM t")]
    [InlineData("SELECT replaceAll(a, 'b', c) FROM t")]
    [InlineData("SELECT a LIKE b FROM t")]
    [InlineData("SELECT a LIKE 'b' || c FROM t")]
    [InlineData("SELECT a LIKE ('b' || c) FROM t")]
    [InlineData("SELECT a NOT ILIKE '{long}' FROM t")]
    [InlineData("SELECT a REGEXP ('a') FROM t")]
    [InlineData("SELECT match(a, '((a{100}){100})') FROM t")]
    [InlineData(@"SELECT match(a, 'a\x7b1000}') FROM t")]
    [InlineData(@"SELECT match(a, '\\pL?\\pL?b') FROM t")]
    [InlineData("SELECT a::JSON FROM t")]
    [InlineData("SELECT CAST(a AS Map(String, String))['x'] FROM t")]
    [InlineData("SELECT CAST(a, 'AggregateFunction(sum, UInt64)') FROM t")]
    [InlineData("SELECT {p:JSON}")]
    [InlineData("SELECT * FROM values('a JSON', '{}')")]
    [InlineData("SELECT * FROM primes(1000000)")]
    [InlineData("SELECT * FROM format(JSONEachRow, '{\"a\":1}')")]
    public void Functions_without_bounded_time_and_memory_are_refused_to_the_reader(string sql) =>
        Assert.Equal((int)ErrorCode.AccessDenied, Check(sql.Replace("{long}", Long, StringComparison.Ordinal))?.Code);

    [Theory]
    [InlineData("SELECT a, count(), uniqIf(b, c > 1), quantile(0.9)(d), max(e) - min(e) FROM t " +
        "WHERE f LIKE '%x%' AND g NOT ILIKE 'y' GROUP BY a")]
    [InlineData("SELECT position(a, 'b'), position('b' IN a), EXTRACT(DAY FROM d), has(e, -1), JSONExtractInt(f, 'a', 1) " +
        "FROM t FORMAT JSON")]
    [InlineData("SELECT match(a, '^b+[0-9]'), extract(a, {s:String}), a REGEXP 'x', has([1, 2], 1), indexOf(b, 'c') FROM t")]
    [InlineData("SELECT t.position, t.levenshteinDistance, a AS json, arrayMap(x -> x + 1, b), arrayMap(upper, c) " +
        "FROM t LEFT JOIN u USING (a)")]
    [InlineData("SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), a::Decimal(10, 2) FROM t")]
    [InlineData("SELECT sum(rows) FROM system.parts WHERE database LIKE {s:String} GROUP BY table")]
    [InlineData("SHOW TABLES FROM engagement LIKE 'a%'")]
    [InlineData("SELECT 1 SETTINGS max_memory_usage = 134217728")]
    public void Functions_of_charts_and_tables_are_allowed_to_the_reader(string sql) => Assert.Null(Check(sql));

    [Fact]
    public void Every_dashboard_query_is_allowed_to_the_reader() => Assert.All(GateSeeds.Dashboards(), sql => Assert.Null(Check(sql)));

    [Fact]
    public void Memory_beyond_the_readers_is_refused_in_text_and_url()
    {
        Assert.Equal((int)ErrorCode.SettingConstraintViolation, Check("SELECT 1 SETTINGS max_memory_usage = 134217729")?.Code);
        var rules = new SettingRules(new ClickHouseOptions { DataDirectory = "x", MaxServerMemoryBytes = 4L << 30 }).Of(Caller.Reader);
        Assert.NotNull(rules.CheckRequest("max_memory_usage", "134217729"));
    }

    [Fact]
    public void A_statement_names_a_bounded_amount_of_work()
    {
        static string Calls(int n) => "SELECT " + string.Join(", ", Enumerable.Repeat("arraySort(a)", n)) + " FROM t";
        Assert.Null(Check(Calls(ReaderRules.MostWork / 8)));
        Assert.Contains("too many functions", Check(Calls((ReaderRules.MostWork / 8) + 1))!.Message, StringComparison.Ordinal);
        Assert.NotNull(Check("SELECT a" + string.Concat(Enumerable.Repeat(" || a", 300)) + " FROM t"));
    }

    [Fact]
    public void Every_function_of_the_reader_is_allowed_to_the_owner()
    {
        Assert.Empty(GateLists.ReaderFunctions.Except(GateLists.Functions, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(ReaderRules.Functions.Except(GateLists.ReaderFunctions, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(GateLists.ReaderTableFunctions.Except(GateLists.TableFunctions, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(GateLists.ReaderCombinators.Except(GateLists.Combinators));
    }

    private static QueryError? Check(string sql) => Gate.Check(Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true), Caller.Reader,
        readOnly: true, [new("p", Long), new("s", "a%")]);
}
