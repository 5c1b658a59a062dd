using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Streaming.LocalClickHouse;
using Streaming.LocalClickHouse.Http;
using Streaming.LocalClickHouse.Statements;
using Streaming.TestKit;
using Xunit.Abstractions;

namespace Streaming.Integration.Tests.LocalClickHouse.Fuzz;

/// <summary>
/// Statements that a machine makes of ways in and of ordinary statements, put to the gate. What it lets through is read by the engine
/// itself (<c>formatQuery</c>) and judged again as the engine writes it, and it is run: no file outside the data directory may be read or
/// written.
/// </summary>
/// <remarks>
/// <c>STREAMING_GATE_FUZZ</c> is the number of statements (default 4,000), <c>STREAMING_GATE_FUZZ_SEED</c> the first seed (default 1).
/// </remarks>
public sealed partial class GateFuzzTests(ITestOutputHelper output)
{
    private const int Batch = 1_000;
    private const int AtOnce = 4;

    private static readonly Gate Gate = new(new SettingRules(new ClickHouseOptions { DataDirectory = "x", MaxQuerySeconds = 2 }));

    [Fact]
    public async Task A_statement_that_passes_the_gate_passes_again_as_the_engine_writes_it_and_touches_no_file()
    {
        var count = FuzzCount.Of("STREAMING_GATE_FUZZ", 4_000);
        var first = FuzzCount.Of("STREAMING_GATE_FUZZ_SEED", 1);
        using var outside = new TemporaryDirectory();
        var canary = new Canary(outside.Path);
        await using var server = await EmbeddedClickHouse.StartAsync(arguments: ["--max-query-seconds", "2", "--max-query-memory",
            "200000000", "--max-memory", "1000000000"]);
        string[] seeds = [.. GateSeeds.Ordinary, .. GateSeeds.Attacks, .. GateSeeds.Dashboards()];

        var differences = new List<string>();
        var (passed, read, ran) = (0, 0, 0);
        for (var made = 0; made < count; made += Batch)
        {
            var mutator = new StatementMutator(first + (made / Batch), seeds);
            var statements = Enumerable.Range(0, Math.Min(Batch, count - made)).Select(_ => canary.At(mutator.Next())).ToList();
            var through = statements.Select(s => (Text: s, Value: canary.At(mutator.Pick(GateSeeds.ParameterValues))))
                .Where(s => Passes(s.Text, s.Value)).ToList();
            passed += through.Count;
            var asRead = await ReadByEngineAsync(server, through.Select(s => Head(s.Text)).ToList());
            read += asRead.Count(r => r.Length > 0);
            differences.AddRange(through.Zip(asRead).Where(p => p.Second.Length > 0 && !Passes(WithoutParentheses(p.Second), p.First.Value))
                .Select(p => $"{p.First.Text}\nis to the " +
                    $"engine\n{p.Second}\n{Refusal(WithoutParentheses(p.Second), p.First.Value)!.Message}")
                    .Take(20 - Math.Min(20, differences.Count)));
            await server.QueryAsync("DROP TABLE IF EXISTS t");
            await server.QueryAsync("CREATE TABLE t (a UInt64, b String) ENGINE = MergeTree ORDER BY a");
            var inFlight = new ConcurrentDictionary<(string Text, string Value), bool>();
            await Parallel.ForEachAsync(through, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
            {
                inFlight[one] = true;
                var answer = await RunAsync(server, one.Text, one.Value);
                if (answer is null) Assert.Fail(await EndOfAsync(server, first + (made / Batch), inFlight.Keys));
                inFlight.TryRemove(one, out bool _);
                Assert.False(answer.Contains(canary.Secret, StringComparison.Ordinal), $"A file was read by\n{one.Text}\n{answer}");
                Interlocked.Increment(ref ran);
            });
            canary.Check();
        }
        output.WriteLine($"{count} statements: {passed} passed the gate, {read} of them are statements to the engine, {ran} were run.");
        Assert.True(differences.Count == 0, "The gate lets through, but refuses as the engine writes it:\n" +
            string.Join("\n\n", differences));
        Assert.InRange(read, count / 200, count);
    }

    /// <summary>The ordinary statements pass, so that the run above is about something.</summary>
    [Fact]
    public void Ordinary_statements_and_dashboards_pass()
    {
        foreach (var statement in GateSeeds.Ordinary.Concat(GateSeeds.Dashboards()))
        {
            Assert.True(Refusal(statement, "a") is null, $"{statement}\n{Refusal(statement, "a")}");
        }
    }

    [Fact]
    public void Known_attacks_are_refused_or_name_a_missing_table()
    {
        foreach (var statement in GateSeeds.Attacks)
        {
            Assert.True(Refusal(statement, GateSeeds.Secret) is not null || AsTable().IsMatch(statement), statement);
        }
    }

    private static bool Passes(string sql, string value) => Refusal(sql, value) is null;

    private static QueryError? Refusal(string sql, string value)
    {
        try
        {
            var statement = Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true);
            return Gate.Check(statement, Caller.Owner, readOnly: false, [new("p", value), new("t", "t"), new("d", "default")]);
        }
        catch (QueryException e)
        {
            return e.Error;
        }
    }

    /// <summary>The statement without the data of an insert.</summary>
    private static string Head(string sql) => Encoding.UTF8.GetString(Statement.Parse(Encoding.UTF8.GetBytes(sql), whole: true).Plain());

    /// <summary>Each statement as the engine writes it after having read it; empty when it is none to the engine.</summary>
    private static async Task<string[]> ReadByEngineAsync(EmbeddedClickHouse server, List<string> statements)
    {
        var rows = new StringBuilder();
        for (var i = 0; i < statements.Count; i++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"{i}\t{Convert.ToHexString(Encoding.UTF8.GetBytes(statements[i]))}\n");
        }
        await server.QueryAsync("CREATE TABLE IF NOT EXISTS default.statements (n UInt32, q String) ENGINE = Memory");
        await server.QueryAsync("TRUNCATE TABLE default.statements");
        using var insert = await server.Http.PostAsync("/?query=INSERT+INTO+default.statements+FORMAT+TSV",
            new StringContent(rows.ToString()));
        Assert.Equal(HttpStatusCode.OK, insert.StatusCode);
        var answer = await server.QueryAsync("SELECT hex(ifNull(formatQuerySingleLineOrNull(unhex(q)), '')) FROM default.statements " +
            "ORDER BY n");
        return answer.Length == 0 ? [] : [.. answer.Split('\n').Select(line => Encoding.UTF8.GetString(Convert.FromHexString(line)))];
    }

    /// <summary>The engine puts each command of <c>ALTER</c> in parentheses; people, and so the gate, do not.</summary>
    private static string WithoutParentheses(string sql)
    {
        if (!sql.StartsWith("ALTER TABLE ", StringComparison.Ordinal))
        {
            return sql;
        }
        var bytes = Encoding.UTF8.GetBytes(sql);
        var tokens = Tokens.Of([.. bytes]);
        var (depth, start) = (0, tokens.AfterName(2));
        for (var i = start; i < tokens.Count; i++)
        {
            depth -= tokens.IsSymbol(i, ')') ? 1 : 0;
            if (depth == 0 && (tokens.IsSymbol(i, ')') || (tokens.IsSymbol(i, '(') && (i == start || tokens.IsSymbol(i - 1, ',')))))
            {
                bytes[tokens[i].Start] = (byte)' ';
            }
            depth += tokens.IsSymbol(i, '(') ? 1 : 0;
        }
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>What the engine answers, as far as it comes; null when its process has ended.</summary>
    private static async Task<string?> RunAsync(EmbeddedClickHouse server, string sql, string value)
    {
        var answer = new MemoryStream();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/?max_rows_to_read=100000&max_result_rows=10000&param_t=t" +
                $"&param_d=default&param_p={Uri.EscapeDataString(value)}") { Content = new StringContent(sql) };
            using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await response.Content.CopyToAsync(answer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // An error after the beginning of a result ends the response so; the process goes on.
            if (!await IsThereAsync(server)) return null;
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static async Task<bool> IsThereAsync(EmbeddedClickHouse server)
    {
        try
        {
            return await server.Http.GetStringAsync("/ping") == "Ok.\n";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    /// <summary>How the engine's process ended, and over what.</summary>
    private static async Task<string> EndOfAsync(EmbeddedClickHouse server, int seed, IEnumerable<(string Text, string Value)> inFlight)
    {
        await server.Ended;
        return $"The engine's process ended with code {server.Process.ExitCode}, seed {seed}. It said\n{server.Errors}\nand was to run\n" +
            string.Join("\n\n", inFlight.Select(s => $"{s.Text}\nwith p = {s.Value}"));
    }

    [GeneratedRegex($"FROM '{GateSeeds.Secret}'|`{GateSeeds.Secret}`|getSetting|INTO t VALUES")]
    private static partial Regex AsTable();

    /// <summary>A directory outside the engine's, with a file in it that must not be read and nothing that must come to be.</summary>
    private sealed class Canary
    {
        private readonly string directory;

        public Canary(string directory)
        {
            this.directory = directory;
            File.WriteAllText(Path.Combine(directory, "secret"), Secret + "\n");
        }

        public string Secret { get; } = "canary-" + Guid.NewGuid().ToString("N");

        public string At(string text) => text.Replace("/canary", directory, StringComparison.Ordinal);

        public void Check()
        {
            Assert.Equal(["secret"], Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName));
            Assert.Equal(Secret + "\n", File.ReadAllText(Path.Combine(directory, "secret")));
        }
    }
}
