using Streaming.TestKit;

namespace Streaming.Grains.Tests.Commands;

/// <summary>Whatever is given to <c>streaming-silo</c> that cannot be used: a sentence that names it, exit code 2, nothing begun.</summary>
public class WrongUsageTests
{
    private const string Memory = "--in-memory --kafka 127.0.0.1:9 --clickhouse http://127.0.0.1:9 ";
    private static readonly string Silo = WrongUsage.Program(Path.Combine("grains", "Silo"), "streaming-silo");

    /// <summary>Words of a command line, and what its answer must name. {rules} is a rules file that can be used.</summary>
    public static TheoryData<string, string> Cases { get; } = new()
    {
        { "", "Kafka:Bootstrap is empty" },
        { "nope", "nope" },
        { "--nope", "--nope" },
        { "--postgres", "--postgres" },
        { "--postgres nonsense", "Storage:Postgres is not a connection string" },
        { "--postgres Database=x", "it names no Host" },
        { "--postgres Host=127.0.0.1;Nope=1", "nope" },
        { "--postgres Host=127.0.0.1 --in-memory", "choose one" },
        { "--port x", "--port takes a whole number, not 'x'" },
        { Memory + "--port 70000", "Silo:Port is 70000" },
        { Memory + "--ops-port -1", "Ops:Port" },
        { Memory + "--address nonsense", "Silo:Address is \"nonsense\"" },
        { Memory + "--address 0.0.0.0", "Silo:Address is 0.0.0.0" },
        { Memory + "--rules /none.yaml", "/none.yaml" },
        { "--in-memory --kafka {empty}", "--kafka is empty" },
        { "--in-memory --kafka nonsense", "host:port" },
        { "--in-memory --kafka 127.0.0.1:9 --clickhouse nonsense", "http://" },
        { Memory, "Kafka at 127.0.0.1:9 does not answer" },
        { "rules", "Required command" },
        { "rules set", "Required argument" },
        { "rules set {rules}", "Storage:Postgres is empty" },
        { "rules set /none.yaml --postgres Host=127.0.0.1;Port=9", "/none.yaml" },
        { "rules set {rules} --postgres nonsense", "is not a connection string" },
        { "rules set {rules} --postgres Host=127.0.0.1;Port=9", "PostgreSQL cannot be reached" },
        { "parked", "Required command" },
        { "parked list", "Storage:Postgres is empty" },
        { "parked list --postgres nonsense", "is not a connection string" },
        { "parked list --postgres Host=127.0.0.1;Port=9", "PostgreSQL cannot be reached" },
        { "parked redrive", "Required argument" },
        { "parked drop x --postgres Host=127.0.0.1;Port=9", "takes a whole number, not 'x'" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_wrong_command_line_gives_one_sentence_and_exit_code_2(string line, string names)
    {
        var rules = Path.Combine(StreamingProgram.Repository, "pipeline", "App", "rules.yaml");
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Replace("{rules}", rules, StringComparison.Ordinal)
                .Replace("{empty}", "", StringComparison.Ordinal));
        Assert.Contains(names, await WrongUsage.ErrorTextAsync(Silo, words), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_gives_one_sentence_and_exit_code_2() => Assert.Contains("PostgreSQL cannot be reached",
        await WrongUsage.ErrorTextAsync(
            Silo,
            ["--kafka", "127.0.0.1:9", "--clickhouse", "http://127.0.0.1:9", "--postgres", "Host=127.0.0.1;Port=9"],
            ("STREAMING__PseudonymKey", new string('a', 64))), StringComparison.Ordinal);
}
