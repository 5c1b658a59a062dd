using System.Net;
using Streaming.LocalClickHouse.Statements;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

/// <summary>
/// Every function a reader may call, with values far larger than charts have. A query that goes on 30 seconds after its five are over
/// ends the engine's process (<c>--watchdog-seconds</c>): that it is still there shows that all of them ended.
/// </summary>
public sealed class ReaderLoadTests
{
    private static readonly string Needle = new string('a', 120) + "c";

    private static readonly string[] Shapes =
    [
        "{f}(s)", "{f}(a)", "{f}(s, s)", $"{{f}}(s, '{Needle}')", $"{{f}}('{Needle}', s)", "{f}(s, 'a', 'b')",
        "{f}(s, 'a?a?a?a?a?a?a?a?a?a?b')", "{f}(s, '(a|aa|.b)*c$', 'x')", "{f}(s, '%a%_a%a_%c')", "{f}(a, 1)", "{f}(s, 1000000)",
        "{f}(x -> x % 7 = 1, a)",
    ];

    /// <summary>Not those that only take numbers and times.</summary>
    private static IEnumerable<string> Functions => GateLists.ReaderFunctions.Where(f =>
        f is "toString" or "toFloat64OrNull" or "toDateTimeOrNull" or "toUUIDOrNull" or "toInt64OrNull" or "toDecimal64OrNull"
        || !((string[])["to", "add", "subtract", "from", "make", "time", "DATE", "TIMESTAMP"]).Any(f.StartsWith));

    [Fact]
    public async Task A_readers_query_ends_by_its_time_limit()
    {
        await using var server = await StartAsync();
        var answered = new int[2];
        await Parallel.ForEachAsync(Functions.SelectMany(f => Shapes.Select(s => s.Replace("{f}", f))),
            new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (expression, _) =>
            {
                var status = await AskAsync(server, $"SELECT ignore({expression}) FROM large");
                Interlocked.Increment(ref answered[status == HttpStatusCode.OK ? 1 : 0]);
            });
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
        Assert.True(answered[1] > Functions.Count(), $"{answered[1]} ran, {answered[0]} were refused or stopped");
    }

    /// <summary>The most that one statement may do on one block.</summary>
    [Theory]
    [InlineData("replaceAll({x}, 'a', 'b')", "s")]
    [InlineData("replaceAll({x}, 'aa', 'a')", "concat(s, s)")]
    [InlineData("replaceRegexpOne({x}, '(a|b.)*c', 'b')", "s")]
    [InlineData("substring({x}, 2 + positionCaseInsensitive({x}, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac'))", "s")]
    [InlineData("arraySort(x -> x * 2654435761 % 4294967296, {x})", "a")]
    [InlineData("arrayMap(x -> tgamma(x), {x})", "a")]
    [InlineData("arrayDistinct({x})", "a")]
    public async Task The_largest_statement_ends_by_its_time_limit(string step, string start)
    {
        await using var server = await StartAsync();
        var written = start;
        for (var next = start; await AskAsync(server, $"EXPLAIN AST SELECT ignore({next}) FROM large") == HttpStatusCode.OK;)
        {
            written = next;
            next = step.Replace("{x}", next);
        }
        Assert.NotEqual(start, written);
        await AskAsync(server, $"SELECT ignore({written}) FROM large");
        Assert.Equal("1", await server.QueryAsync("SELECT 1"));
    }

    private static async Task<EmbeddedClickHouse> StartAsync()
    {
        var server = await EmbeddedClickHouse.StartAsync(arguments: ["--max-query-seconds", "5", "--watchdog-seconds", "30",
            "--max-memory", "4294967296", "--max-query-memory", "2147483648"]);
        await server.QueryAsync("CREATE TABLE large (s String, a Array(UInt64), n UInt64) ENGINE = MergeTree ORDER BY n");
        await server.QueryAsync("INSERT INTO large SELECT concat(repeat(repeat('a', 1000), 8000), 'b'), range(500000), number " +
            "FROM numbers(1)");
        return server;
    }

    /// <summary>Throws when the process has ended.</summary>
    private static async Task<HttpStatusCode> AskAsync(EmbeddedClickHouse server, string sql)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(3) };
        using var answer = await client.PostAsync(new Uri(server.Url,
            $"/?wait_end_of_query=1&user=reader&password={EmbeddedClickHouse.ReaderPassword}"), new StringContent(sql));
        return answer.StatusCode;
    }
}
