using Streaming.TestKit;
using Streaming.TestKit.Replay;

namespace Streaming.Integration.Replay;

/// <summary><c>streaming replay</c> as its users run it: the program with the embedded parts, and ClickHouse asked afterwards.</summary>
public sealed class ReplayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_replayed_file_is_in_clickhouse_to_the_row_and_the_cent()
    {
        using var files = new TemporaryDirectory();
        var sample = new SampleInvoices(12_000);
        var data = Path.Combine(files.Path, "data");
        using var program = StreamingProgram.Start(["replay", sample.WriteTo(files.Path), "--data", data], ("TERM", "xterm-256color"));
        var said = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(program.ExitCode == 0, string.Join('\n', await said));
        Assert.DoesNotContain((await said)[0], c => c == '\e'); // what goes into a file or a pipe is plain text

        await using var clickhouse = await EmbeddedClickHouse.StartAsync(Path.Combine(data, "clickhouse"));
        var held = new List<string>();
        foreach (var question in SampleInvoices.Questions) held.Add(await clickhouse.QueryAsync(question));
        Assert.Equal(sample.Expected, string.Join('\n', held));
    }

    [Fact]
    public async Task A_replay_with_wrong_arguments_says_all_that_is_wrong_and_ends_with_2()
    {
        using var files = new TemporaryDirectory();
        var mapping = Path.Combine(files.Path, "wrong.yaml");
        await File.WriteAllTextAsync(mapping, "topic: nothing\nat: {}\nkinds: []\nfields: {}\n");
        using var program = StreamingProgram.Start(["replay", $"{files.Path}/none.csv={mapping}", "--data", Path.Combine(files.Path, "data")]);
        var said = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Patience);
        var text = string.Join('\n', await said);
        Assert.Equal(2, program.ExitCode);
        foreach (var part in new[] { "none.csv is not there", "topic must be one of", "at.column is missing", "fields.id is missing" }) Assert.Contains(part, text, StringComparison.Ordinal);
    }
}
