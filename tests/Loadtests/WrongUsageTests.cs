using Streaming.TestKit;

namespace Streaming.Loadtests.Tests;

/// <summary>Whatever is given to the programs that cannot be used: a sentence that names
/// it, exit code 2, nothing sent, never a stack trace.</summary>
public sealed class WrongUsageTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    /// <summary>Words of a command line of <c>load</c>, and what its answer must name. {dir} is a folder, {file}
    /// a file of one word, {work} a workload that can be used.</summary>
    public static TheoryData<string, string> LoadCases { get; } = new()
    {
        { "", "Required command" },
        { "runn", "runn" },
        { "run", "'run'" },
        { "run {dir}/none.yaml", "none.yaml" },
        { "run {dir}", "{dir}" },
        { "run {file}", "{file}" },
        { "run {work} --slo {dir}/none.yaml", "none.yaml" },
        { "run {work} --slo {file}", "{file}" },
        { "run {work} --repeat x", "--repeat takes a whole number, not 'x'" },
        { "run {work} --repeat 0", "--repeat must be 1 to 1000" },
        { "run {work} --patience 0", "--patience 1 to 86400" },
        { "run {work} --report {dir}/none/report", "--report" },
        { "run {work} --repeat 2 --report {file}", "{file}-2.html" },
        { "run {work} --data {dir}", "endpoints.json" },
        { "run {work} --data {file}", "endpoints.json" },
        { "run {work} --data {broken}", "endpoints.json" },
        { "run {work} --data {dir} --kafka 127.0.0.1:9", "127.0.0.1:9" },
        { "run {work} --kafka nonsense", "host:port" },
        { "run {work} --kafka 127.0.0.1:9", "Kafka at 127.0.0.1:9 does not answer" },
        { "run {work} --clickhouse nonsense", "--clickhouse is \"nonsense\"" },
        { "run {work} --ops nonsense", "--ops is \"nonsense\"" },
        { "run {work} --ops http://127.0.0.1:9", "--kafka" },
        { "find {work} --from 0", "--from" },
        { "find {work} --to x", "--to takes a number, not 'x'" },
        { "find {work} --from 10 --to 5", "--to" },
        { "compare", "Required argument" },
        { "compare {dir}/none.json {dir}/none.json", "none.json" },
        { "compare {file} {file}", "{file}" },
        { "compare {dir} {dir}", "no report" },
        { "compare {file} {file} --limit -1", "--limit is -1" },
        { "prefill", "--data" },
        { "prefill --data {file}", "{file}" },
        { "prefill --data {dir} --members 0", "--members must be 1" },
        { "prefill --data {dir} --clickhouse nonsense", "--clickhouse is \"nonsense\"" },
        { "clear --folder {dir}/none", "{dir}/none" },
        { "clear --folder {dir} 12345678901", "12345678901" },
        { "clear --folder {dir} --kafka 127.0.0.1:9", "does not answer" },
        { "run {empty}", "An empty name names no file" },
        { "run {work} --slo {empty}", "--slo is empty" },
        { "run {work} --folder {empty} --kafka 127.0.0.1:9", "--folder is empty" },
        { "run {work} --clickhouse http://127.0.0.1:9", "ClickHouse at http://127.0.0.1:9 does not answer" },
        { "compare {empty} {empty}", "An empty name names no report" },
        { "prefill --data {dir} --clickhouse http://127.0.0.1:9", "ClickHouse at http://127.0.0.1:9 does not answer" },
        { "clear --folder {empty}", "--folder is empty" },
        { "clear --folder {dir} --clickhouse http://127.0.0.1:9", "ClickHouse at http://127.0.0.1:9 does not answer" },
        { "clear --folder {dir} --clickhouse nonsense", "--clickhouse is \"nonsense\"" },
    };

    public WrongUsageTests()
    {
        File.WriteAllText(Path.Combine(folder.Path, "file"), "hello");
        File.WriteAllText(Path.Combine(folder.Path, "work.yaml"), "phases: [{seconds: 1, rate: 1}]");
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "file-2.html"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, "broken")).FullName, "endpoints.json"), "{");
    }

    /// <summary>The same for the program that measures parts.</summary>
    public static TheoryData<string, string> LadderCases { get; } = new()
    {
        { "--nope", "--nope" },
        { "nope", "nope" },
        { "--events", "--events" },
        { "--events x", "--events takes a whole number, not 'x'" },
        { "--events 5", "--events is 5; it must be 1000" },
        { "--members 5", "--members is 5" },
        { "--partitions 0", "--partitions is 0" },
        { "--rungs nope", "--rungs names nope" },
        { "--rules {dir}/none.yaml", "none.yaml" },
        { "--rules {file}", "{file}" },
        { "--data {empty}", "--data is empty" },
        { "--report {dir}/none/table.md", "--report" },
        { "--report {empty}", "--report is empty" },
        { "--kafka nonsense", "host:port" },
        { "--clickhouse nonsense", "--clickhouse is \"nonsense\"" },
        { "scale --members 5", "--members is 5" },
        { "partitions --seed x", "--seed takes a whole number, not 'x'" },
        { "rung", "--prefix" },
        { "rung nope --prefix x --kafka 127.0.0.1:9", "There is no rung nope" },
        { "rung consumer --prefix x", "--kafka" },
        { "rung decode --prefix x --kafka 127.0.0.1:9", "Kafka at 127.0.0.1:9 does not answer" },
        { "encoding --nope", "--nope" },
        { "encoding --rows", "--rows" },
        { "encoding --rows x", "--rows takes a whole number, not 'x'" },
        { "encoding --rows 5", "--rows must be 1000" },
        { "encoding --rounds 0", "--rounds 1 to 100" },
        { "encoding --report {dir}/none/table.md", "--report" },
        { "encoding --clickhouse nonsense", "--clickhouse is \"nonsense\"" },
        { "encoding --clickhouse http://127.0.0.1:9", "ClickHouse at http://127.0.0.1:9 does not answer" },
        { "grains --nope", "--nope" },
        { "grains --events", "--events" },
        { "grains --events x", "--events takes a whole number, not 'x'" },
        { "grains --events 5", "--events must be 1000" },
        { "grains --members 0", "--members 1 to" },
        { "grains --report {empty}", "--report is empty" },
        { "grains --data {empty}", "--data is empty" },
        { "grains --postgres nonsense", "is not a connection string" },
        { "grains --postgres Database=x", "it names no Host" },
        { "grains --postgres Host=127.0.0.1;Port=x", "port" },
        { "grains --postgres Host=127.0.0.1;Port=9", "PostgreSQL cannot be reached" },
        { "recovery", "--postgres" },
        { "recovery --members 0 --postgres x --kafka x --clickhouse x", "--members must be 1" },
        { "recovery --postgres x --kafka x --clickhouse x --report {dir}/none/table.md", "--report" },
        { "recovery --postgres nonsense --kafka 127.0.0.1:9 --clickhouse http://127.0.0.1:9", "is not a connection string" },
        { "panels --nope", "--nope" },
        { "panels --data {empty}", "--data is empty" },
        { "panels --report {dir}/none/table.md", "--report" },
        { "panels --clickhouse http://127.0.0.1:9", "ClickHouse at http://127.0.0.1:9 does not answer" },
    };

    [Theory]
    [MemberData(nameof(LoadCases))]
    public async Task A_wrong_command_line_gives_one_sentence_and_exit_code_2(string line, string names) =>
        Assert.Contains(Fill(names), await WrongUsage.ErrorTextAsync(Path.Combine(AppContext.BaseDirectory, "load.dll"), Words(line)),
            StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(LadderCases))]
    public async Task A_wrong_command_line_of_ladder_gives_one_sentence_and_exit_code_2(string line, string names)
    {
        var program = WrongUsage.Program(Path.Combine("loadtests", "Ladder"), "ladder");
        Assert.Contains(Fill(names), await WrongUsage.ErrorTextAsync(program, Words(line)), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private IEnumerable<string> Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Fill);

    private string Fill(string text) => text.Replace("{file}", Path.Combine(folder.Path, "file"), StringComparison.Ordinal)
        .Replace("{empty}", "", StringComparison.Ordinal)
        .Replace("{work}", Path.Combine(folder.Path, "work.yaml"), StringComparison.Ordinal)
        .Replace("{broken}", Path.Combine(folder.Path, "broken"), StringComparison.Ordinal)
        .Replace("{dir}", Path.Combine(folder.Path, "empty"), StringComparison.Ordinal);
}
