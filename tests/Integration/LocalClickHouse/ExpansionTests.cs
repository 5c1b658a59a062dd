using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Integration.Tests.LocalClickHouse.Fuzz;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Statements;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>While the engine analyses a query it looks at no clock: what a query becomes once its names are resolved is bounded.</summary>
public sealed class ExpansionTests
{
    private static readonly Gate Gate = new(new SettingRules(new ClickHouseOptions { DataDirectory = "x" }));

    /// <summary>Shapes that grow from step to step, and how one step is written.</summary>
    private static readonly Dictionary<string, Func<int, string>> Shapes = new()
    {
        ["aliases"] = n => "SELECT 1 AS a0, " + Steps(n, i => $"(a{i}, a{i}) AS a{i + 1}") + " FORMAT Null",
        ["aliases without AS"] = n => "SELECT 1 a0, " + Steps(n, i => $"a{i} + a{i} a{i + 1}") + " FORMAT Null",
        ["aliases from the end"] = n => "SELECT " + string.Join(", ", Enumerable.Range(0, n).Reverse()
            .Select(i => $"if(a{i} > 1, a{i}, a{i} + 1) AS a{i + 1}")) + ", 1 AS a0 FORMAT Null",
        ["tables of WITH"] = n => "WITH c0 AS (SELECT 1 AS x), " + Steps(n, i => $"c{i + 1} AS (SELECT 1 AS x FROM c{i} AS p, c{i} AS q)")
            + $" SELECT count() FROM c{n}",
        ["scalars of WITH"] = n => "WITH c0 AS (SELECT 1), "
            + Steps(n, i => $"c{i + 1} AS (SELECT (SELECT * FROM c{i}) + (SELECT * FROM c{i}))") + $" SELECT * FROM c{n}",
        ["columns of subqueries"] = n => "SELECT x FROM " + Nested(n, "(SELECT (x, x) AS x FROM ", "(SELECT 1 AS x)", ")")
            + " FORMAT Null",
        ["stars"] = n => "SELECT * FROM " + Nested(n, "(SELECT *, *, * FROM ", "(SELECT 1 AS a)", ")") + " FORMAT Null",
        ["columns by pattern"] = n => "SELECT * FROM " + Nested(n, "(SELECT COLUMNS('a'), COLUMNS('a') FROM ",
            "(SELECT 1 AS a)", ")") + " FORMAT Null",
        ["lambdas"] = n => "SELECT " + Nested(n, "arrayMap(x -> ", "1", ", [1])"),
        ["lambdas by name"] = n => "SELECT 1 AS a0, " + Steps(n, i => $"arrayMap(x -> a{i}, [1]) AS a{i + 1}") + " FORMAT Null",
        ["joins"] = n => "SELECT * FROM (SELECT 1 AS a) AS t0 "
            + string.Join(' ', Enumerable.Range(1, n).Select(i => $"JOIN (SELECT 1 AS a) AS t{i} USING (a)")),
        ["unions"] = n => string.Join(" UNION ALL ", Enumerable.Repeat("SELECT 1", n)),
        ["windows"] = n => "SELECT " + Steps(n, i => $"sum(number) OVER (PARTITION BY number % {i + 1})") + " FROM numbers(1) FORMAT Null",
        ["sums"] = n => "SELECT " + Steps(n, i => $"number + {i}") + " FROM numbers(1) FORMAT Null",
        ["subqueries"] = n => "SELECT * FROM " + Nested(n, "(SELECT a FROM ", "(SELECT 1 AS a)", ")"),
    };

    public static TheoryData<string> Names => [.. Shapes.Keys];

    /// <summary>The largest that passes is analysed within the time of a query; what
    /// is larger gets an error, and the engine goes on.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_query_whose_analysis_grows_is_refused_and_the_engine_answers_on(string name)
    {
        await using var server = await EmbeddedClickHouse.StartAsync(arguments: ["--readers", "1", "--max-query-seconds", "60"]);
        var largest = Enumerable.Range(1, 1_500).TakeWhile(n => Refusal(Shapes[name](n)) is null).LastOrDefault();
        var (passed, refused) = (0, 0);
        foreach (var n in (int[])[largest, largest + 1, 60, 1_500])
        {
            using var answer = await server.Http.PostAsync("/", new StringContent(Shapes[name](n)));
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode is 200 or 400 or 500, $"{n}: {said}");
            (passed, refused) = answer.IsSuccessStatusCode ? (passed + 1, refused) : (passed, refused + 1);
        }
        Assert.True(refused >= 1, $"{name} passes at 1,500 steps");
        Assert.True(largest > 2, $"{name} is refused at {largest + 1} steps");
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
    }

    /// <summary>What is counted is never less than what comes of writing every name out.</summary>
    [Fact]
    public void The_counted_cost_is_at_least_the_expanded_size() =>
        Prop.ForAll<byte[][], int>(Counts).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void Counts(byte[][] uses, int order)
    {
        var (explicitly, tables) = ((order & 1) == 0, (order & 6) == 0);
        var steps = uses.Take(24).Select((u, i) => u.Take(4).Select(b => b % (i + 1)).ToArray()).ToList();
        var size = new List<double> { 1 };
        var items = new List<string> { tables ? "n0 AS (SELECT 1)" : explicitly ? "1 AS n0" : "1 n0" };
        foreach (var step in steps)
        {
            var names = string.Join(", ", step.Select(j => $"n{j}").Prepend("1"));
            items.Add(tables
                ? $"n{size.Count} AS (SELECT 1 FROM numbers({names}))"
                : $"tuple({names}) {(explicitly ? "AS " : "")}n{size.Count}");
            size.Add(step.Sum(j => size[j]) + 1);
        }
        var shuffled = items.ToArray();
        new Random(order).Shuffle(shuffled);
        var sql = tables
            ? $"WITH {string.Join(", ", shuffled)} SELECT 1 FROM {string.Join(", ", size.Select((_, i) => $"n{i}"))}"
            : $"SELECT {string.Join(", ", shuffled)}";
        var counted = ExpansionRules.Of(Tokens.Of(Encoding.UTF8.GetBytes(sql))).Cost;
        // What stands there once need not be counted.
        var copied = size.Sum() - (tables ? 0 : items.Sum(i => i.Split(' ').Length));
        Assert.True(counted >= Math.Min(copied, ExpansionRules.MaxCost), $"{counted} of {copied}: {sql}");
    }

    [Theory]
    [InlineData("SELECT t.a, t.b, u.c FROM (SELECT 1 AS a, 2 AS b, 3 AS k) AS t LEFT JOIN (SELECT 3 AS k, 4 AS c) AS u ON t.k = u.k " +
        "WHERE a IS NOT NULL AND b IS NOT NULL AND c IS NOT NULL AND t.k IS NOT NULL")]
    [InlineData("SELECT CASE WHEN a = 1 THEN 2 ELSE 3 END + CASE WHEN a = 2 THEN 2 END + CASE WHEN a = 2 THEN 2 END AS x, " +
        "a - INTERVAL 1 DAY - INTERVAL 2 DAY FROM t ORDER BY a DESC, b DESC NULLS LAST")]
    [InlineData("SELECT arrayMap(x -> arraySum(y -> y + x, arrayFilter(z -> z > 1, b)), c) AS d, count(*) FROM t")]
    [InlineData("SELECT x IN ({many}) FROM t")]
    [InlineData("{branches}")]
    public void Ordinary_queries_pass(string sql)
    {
        const string Branch =
            "SELECT toStartOfDay(at) AS at, sum(n) AS n FROM t WHERE at > now() - INTERVAL 1 DAY GROUP BY at HAVING n > 0";
        sql = sql.Replace("{many}", string.Join(',', Enumerable.Range(0, 20_000)), StringComparison.Ordinal)
            .Replace("{branches}", string.Join(" UNION ALL ", Enumerable.Repeat(Branch, 30)), StringComparison.Ordinal);
        Assert.Null(Refusal(sql));
    }

    /// <summary>Far from the bound, so that ordinary work never meets it.</summary>
    [Fact]
    public void Dashboard_queries_cost_at_most_a_fifth_of_the_limit() => Assert.All(GateSeeds.Dashboards(), sql =>
    {
        var statement = Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true);
        Assert.Null(ExpansionRules.Check(statement));
        Assert.InRange(ExpansionRules.Of(statement).Cost, 0, ExpansionRules.MaxCost / 5);
    });

    [Theory]
    [InlineData("SELECT 2 * from a1, (a1, a1) a2 FROM (SELECT 1 AS `from`)")]
    [InlineData("SELECT 2 + select a1, (a1, a1) a2 FROM (SELECT 1 AS `select`)")]
    [InlineData("SELECT 2 AND and a1, (a1, a1) a2 FROM (SELECT 1 AS `and`)")]
    public void A_keyword_as_a_name_without_backquotes_is_refused(string sql) =>
        Assert.Contains("backquotes", Refusal(sql)!.Message, StringComparison.Ordinal);

    private static QueryError? Refusal(string sql) =>
        Gate.Check(Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true), Caller.Owner, readOnly: false, []);

    private static string Steps(int n, Func<int, string> step) => string.Join(", ", Enumerable.Range(0, n).Select(step));

    private static string Nested(int n, string before, string inside, string after) =>
        string.Concat(Enumerable.Repeat(before, n)) + inside + string.Concat(Enumerable.Repeat(after, n));
}
