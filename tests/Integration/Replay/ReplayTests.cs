using Streaming.TestKit;
using Streaming.TestKit.Replay;

namespace Streaming.Integration.Tests.Replay;

/// <summary><c>streaming replay</c> as its users run it: the program with the embedded parts, and ClickHouse asked afterwards.</summary>
public sealed class ReplayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_replayed_file_is_in_ClickHouse_with_exact_counts_and_amounts()
    {
        using var files = new TemporaryDirectory();
        var sample = new SampleInvoices(12_000);
        var data = Path.Combine(files.Path, "data");
        using var program = StreamingProgram.Start(["replay", sample.WriteTo(files.Path), "--data", data, "--effects"],
            ("TERM", "xterm-256color"));
        var said = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(program.ExitCode == 0, string.Join('\n', await said));
        Assert.DoesNotContain((await said)[0], c => c == '\e'); // what goes into a file or a pipe is plain text

        var rejected = Path.Combine(data, "rejected-rows.jsonl");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(rejected));
        Assert.Equal(sample.RejectedRows, File.ReadLines(rejected).LongCount());
        Assert.NotEmpty(await File.ReadAllLinesAsync(Path.Combine(data, "effects", "member-changes.jsonl")));

        await using var clickhouse = await EmbeddedClickHouse.StartAsync(Path.Combine(data, "clickhouse"));
        var held = new List<string>();
        foreach (var question in SampleInvoices.Queries) held.Add(await clickhouse.QueryAsync(question));
        Assert.Equal(sample.Expected, string.Join('\n', held));
        Assert.Equal("1\t1", (await clickhouse.QueryAsync("SELECT uniqExact(as_of), dateDiff('second', (SELECT max(minute) FROM " +
            "engagement.activity), max(as_of)) BETWEEN 0 AND 3600 FROM engagement.members")).Trim());
    }

    [Theory]
    [InlineData("Invoice,When\n1,2\n", "has no column 'Quantity', 'Price', 'Customer'")]
    [InlineData("Invoice,When,Quantity,Price,Customer,When\n", "has the column 'When' twice")]
    [InlineData("Invoice,When,Quantity,Price,Customer\n1,2021-10-29 00:00:00,1,1,\"open\n", "a quote in line 2 that is never closed")]
    [InlineData("Invoice,When,Quantity,Price,Customer\n1,2021-10-29 00:00:00,1,1,\0\n", "is not utf-8: the byte 0x00 at offset")]
    [InlineData("", "is empty")]
    public async Task A_wrong_file_gives_one_sentence_and_exit_code_2(string content, string says)
    {
        using var files = new TemporaryDirectory();
        var argument = new SampleInvoices(1).WriteTo(files.Path);
        await File.WriteAllTextAsync(Path.Combine(files.Path, "invoices.csv"), content);
        using var program = StreamingProgram.Start(["replay", argument, "--data", Path.Combine(files.Path, "data")]);
        var said = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(2, program.ExitCode);
        Assert.Contains(says, Assert.Single((await said)[1].Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Invoice,When,Quantity,Price,Customer\n", 0)]
    [InlineData("Invoice,When,Quantity,Price,Customer\n1,2021-10-29 00:00:00,1,1,1,shifted\n", 1)]
    public async Task A_file_without_events_is_a_finished_replay(string content, int rows)
    {
        using var files = new TemporaryDirectory();
        var argument = new SampleInvoices(1).WriteTo(files.Path);
        await File.WriteAllTextAsync(Path.Combine(files.Path, "invoices.csv"), content);
        string[] command = ["replay", argument, "--data", Path.Combine(files.Path, "data")];
        var (code, said) = await RunAsync(command);
        Assert.True(code == 0, said);
        Assert.Contains($"{rows} rows in ", said, StringComparison.Ordinal);

        (code, said) = await RunAsync(command);
        Assert.Equal(2, code);
        Assert.Contains("holds a finished replay", Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_replay_arguments_are_all_named_with_exit_code_2()
    {
        using var files = new TemporaryDirectory();
        var mapping = Path.Combine(files.Path, "wrong.yaml");
        await File.WriteAllTextAsync(mapping, "topic: nothing\nat: {}\nkinds: []\nfields: {}\n");
        using var program = StreamingProgram.Start(["replay", $"{files.Path}/none.csv={mapping}", "--data",
            Path.Combine(files.Path, "data")]);
        var said = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Patience);
        var text = string.Join('\n', await said);
        Assert.Equal(2, program.ExitCode);
        foreach (var part in new[] { "none.csv is not there", "topic must be one of", "at must have either column or columns",
            "fields.id is missing" })
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(string[] command)
    {
        using var program = StreamingProgram.Start(command);
        var said = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Patience);
        return (program.ExitCode, string.Concat(await said));
    }

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);
}
