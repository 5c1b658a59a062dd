using System.Diagnostics;
using Streaming.TestKit;

namespace Streaming.Loadtests.Tests;

/// <summary>Whatever is given to the programs that cannot be used: a sentence that names it, exit code 2, nothing sent, never a stack
/// trace.</summary>
public sealed class WrongUsageTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryDirectory folder = new();

    /// <summary>Words of a command line, and what its answer must name. {dir} is a folder, {file} a file of one word, {work} a workload
    /// that can be used.</summary>
    public static TheoryData<string, string> Cases { get; } = new()
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
        { "clear --folder {dir} --clickhouse nonsense", "--clickhouse is \"nonsense\"" },
    };

    public WrongUsageTests()
    {
        File.WriteAllText(Path.Combine(folder.Path, "file"), "hello");
        File.WriteAllText(Path.Combine(folder.Path, "work.yaml"), "phases: [{seconds: 1, rate: 1}]");
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, "broken")).FullName, "endpoints.json"), "{");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_command_line_that_cannot_be_used_is_a_sentence_and_exit_code_2(string line, string names)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "load.dll"), .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(Fill)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_HOME"] = "";
        using var program = StreamingProgram.Spawn(start);
        var rest = program.StandardOutput.ReadToEndAsync();
        var said = await program.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await program.WaitForExitAsync().WaitAsync(Patience);
        Assert.Contains(Fill(names), said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said + await rest, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", said, StringComparison.Ordinal);
        Assert.Equal(2, program.ExitCode);
    }

    public void Dispose() => folder.Dispose();

    private string Fill(string text) => text.Replace("{file}", Path.Combine(folder.Path, "file"), StringComparison.Ordinal)
        .Replace("{work}", Path.Combine(folder.Path, "work.yaml"), StringComparison.Ordinal)
        .Replace("{broken}", Path.Combine(folder.Path, "broken"), StringComparison.Ordinal)
        .Replace("{dir}", Path.Combine(folder.Path, "empty"), StringComparison.Ordinal);
}
